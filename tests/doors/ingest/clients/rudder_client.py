"""What a shop's server sends through `rudder-sdk-python`; only the data plane is changed."""

import sys

from rudderstack import analytics

host, key = sys.argv[1:]
failures: list[str] = []
client = analytics.Client(
    key, host=host, sync_mode=False, gzip=True, on_error=lambda error, _: failures.append(str(error))
)
for number in range(250):
    client.track(anonymous_id="rud-visitor", event="Product Viewed", properties={"product_id": f"pot-{number}"})
client.page(anonymous_id="rud-visitor", name="Home", properties={"path": "/"})
client.identify("rud-bob", {"plan": "silver"}, anonymous_id="rud-visitor")
client.track("rud-bob", "Order Completed", {"order_id": "R-1", "revenue": 5, "currency": "CNY"})
client.alias("rud-old", "rud-bob")
client.flush()
client.join()
sys.exit("; ".join(failures) or None)
