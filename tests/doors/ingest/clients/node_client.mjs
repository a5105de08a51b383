// What a shop's server sends through `@segment/analytics-node`; only the host is changed.
import { createRequire } from "node:module";

const [host, key, folder] = process.argv.slice(2);
const { Analytics } = createRequire(`${folder}/`)("@segment/analytics-node");
const failures = [];
const client = new Analytics({ writeKey: key, host, flushAt: 100 });
client.on("error", (error) => failures.push(JSON.stringify(error)));
for (let number = 0; number < 250; number += 1) {
  client.track({ anonymousId: "node-visitor", event: "Product Viewed", properties: { product_id: `bowl-${number}` } });
}
client.page({ anonymousId: "node-visitor", name: "Home", properties: { path: "/" } });
client.identify({ userId: "node-kim", anonymousId: "node-visitor", traits: { plan: "gold" } });
client.track({ userId: "node-kim", event: "Order Completed", properties: { order_id: "N-1", revenue: 18.99 } });
client.alias({ userId: "node-kim", previousId: "node-old" });
await client.closeAndFlush({ timeout: 15000 });
if (failures.length) {
  console.error(failures.join("; "));
  process.exit(1);
}
