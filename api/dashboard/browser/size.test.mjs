import assert from "node:assert/strict";
import { test } from "node:test";
import { world } from "./world.mjs";

test("the first load is small and soon there", { timeout: 60_000 }, async (t) => {
  const context = await world.browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const paths = new Map(), sizes = new Map();
  network.on("Network.responseReceived", ({ requestId, response }) => paths.set(requestId, new URL(response.url).pathname));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(paths.get(requestId), encodedDataLength));
  await page.goto(world.demo.url);
  await page.waitForSelector("#now");
  await page.waitForTimeout(500);
  const files = [...sizes].filter(([path]) => path && !/^\/(api|readyz|livez|metrics)/.test(path));
  const total = files.reduce((sum, [, size]) => sum + size, 0);
  const { painted, shown } = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime, shown: performance.now() - 500,
  }));
  t.diagnostic(`first load: ${total} bytes on the wire in ${files.length} files; first content after ${Math.round(painted)} ms, counts within ${Math.round(shown)} ms`);
  assert.ok(files.some(([path]) => path.endsWith("/index.js")), `only ${files.join(" ")}`);
  assert.ok(total < 300_000, `${total} bytes: ${files.map((f) => f.join(" ")).join(", ")}`);
  assert.ok(painted < 3000, `first content after ${painted} ms`);
});
