"""What a shop's server sends through `segment-analytics-python`; only the host is changed."""

import sys

from segment import analytics

host, key = sys.argv[1:]
failures: list[str] = []
client = analytics.Client(
    key, host=host, sync_mode=False, gzip=True, on_error=lambda error, _: failures.append(str(error))
)
for number in range(250):
    client.track(anonymous_id="seg-visitor", event="Product Viewed", properties={"product_id": f"cup-{number}"})
client.page(anonymous_id="seg-visitor", name="Home", properties={"url": "https://tea.example/", "path": "/"})
client.identify("seg-ann", {"email": "ann@example.com", "plan": "gold"}, anonymous_id="seg-visitor")
client.track("seg-ann", "Order Completed", {"order_id": "S-1", "revenue": 18.99, "currency": "CNY"})
client.group("seg-ann", "club", {})
client.alias("seg-old", "seg-ann")
client.flush()
client.join()
sys.exit("; ".join(failures) or None)
