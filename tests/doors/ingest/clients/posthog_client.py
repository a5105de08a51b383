"""What a shop's server sends through `posthog`; only the host is changed."""

import sys

from posthog import Posthog

host, key = sys.argv[1:]
failures: list[str] = []
client = Posthog(key, host=host, gzip=True, on_error=lambda error, _: failures.append(str(error)))
for number in range(250):
    client.capture("Product Viewed", distinct_id="hog-visitor", properties={"product_id": f"tin-{number}"})
client.capture("$pageview", distinct_id="hog-visitor", properties={"$current_url": "https://tea.example/", "path": "/"})
client.capture(
    "$identify", distinct_id="hog-eve", properties={"$anon_distinct_id": "hog-visitor", "$set": {"plan": "gold"}}
)
client.capture("Order Completed", distinct_id="hog-eve", properties={"order_id": "P-1", "revenue": 7})
client.alias("hog-eve", "hog-old")
client.flush()
client.shutdown()
sys.exit("; ".join(failures) or None)
