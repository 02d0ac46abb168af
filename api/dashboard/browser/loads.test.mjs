import assert from "node:assert/strict";
import { test } from "node:test";
import { openView, phone, views, visit } from "./page.mjs";
import { world } from "./world.mjs";

/** settle lets a view ask again a few times: a fault may come later than the view. */
const settle = (page) => page.waitForTimeout(1200);

for (const name of Object.keys(views)) {
  test(`${name} loads without a complaint, and fits a phone`, async (t) => {
    const { page, check } = await openView(t, name);
    await settle(page);
    assert.match(await page.locator("main").innerText(), /\w{3}/);
    assert.equal(await page.locator("[role=alert]").count(), 0, "something is wrong, the view says");
    await page.setViewportSize(phone);
    await page.waitForTimeout(200);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= phone.width, `${wide} pixels wide on a screen of ${phone.width}`);
    await check();
  });
}

test("sign-in loads without a complaint", async (t) => {
  const { page, check } = await visit(t, "/", { origin: world.closed.url, ready: ".signin form" });
  await settle(page);
  await check(/401/); // that is how the page learns that it is to ask for a token
});

test("a page that breaks its policy, or breaks, fails its test", async (t) => {
  const { page, faults, check } = await openView(t, "status");
  await page.evaluate(() => {
    const image = new Image();
    image.src = "https://elsewhere.example/x.png";
    document.body.append(image);
    setTimeout(() => { throw new Error("broken"); });
  });
  await settle(page);
  await assert.rejects(check(), /policy violation: img-src/);
  assert.match(faults.join("\n"), /uncaught: Error: broken/);
});
