import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { until, visit } from "./page.mjs";
import { api, world } from "./world.mjs";

const zones = "/api/v1/locations/1/zones";
const features = async () => Object.fromEntries((await api(zones)).body.features.map((f) => [f.id ?? f.properties.id, f]));
const editor = (t) => visit(t, "/zones", { ready: "main .zone-list" });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const told = (page, text) => page.locator(".zones [role=status]", { hasText: text }).waitFor();

/** put is what any other program would do to change the zones. */
async function put(change) {
  const { body, tag } = await api(zones);
  change(body.features);
  const answer = await fetch(world.demo.url + zones, { method: "PUT", body: JSON.stringify(body), headers: { "Content-Type": "application/geo+json", "If-Match": tag } });
  assert.ok(answer.ok, await answer.text());
}

/** restored has the zones as they were after the test. */
async function restored(t) {
  const before = (await api(zones)).body.features;
  t.after(() => put((all) => all.splice(0, all.length, ...before)));
}

async function named(page, name, id) {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Id", { exact: true }).fill(id);
}

async function select(page, name) {
  await page.locator(".zone-list button", { hasText: name }).click();
  await page.getByLabel("Name", { exact: true }).waitFor();
}

test("a zone drawn with the mouse is previewed, and counted once saved", { timeout: 120_000 }, async (t) => {
  await restored(t);
  const { page, check } = await editor(t);
  await button(page, "Draw zone").click();
  const box = await page.locator(".zones .floor-map").boundingBox();
  const edge = 6;
  const corners = [[edge, edge], [box.width - edge, edge], [box.width - edge, box.height - edge], [edge, box.height - edge]];
  for (const [x, y] of [...corners, corners[0]]) {
    await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
    await page.mouse.click(box.x + x, box.y + y);
  }
  await named(page, "Everything", "everything");
  await told(page, "Changes not saved: 1");
  assert.equal((await features()).everything, undefined, "what is not saved is not counted");
  await button(page, "Preview").click();
  await page.locator(".previewed tbody tr", { hasText: "Everything" }).waitFor();
  await button(page, "Save").click();
  await told(page, "Saved. What counts");
  assert.equal((await features()).everything.geometry.coordinates[0].length, 5);
  await until(60, async () => {
    const { occupancy, zones } = (await api("/api/v1/occupancy")).body.locations[0];
    const inside = zones.find((z) => z.zone_id === "everything").occupancy;
    assert.ok(inside > 0 && Math.abs(inside - occupancy) <= 3, `${inside} in the zone that is the whole floor, ${occupancy} in the location`);
  });
  await check();
});

test("a zone drawn with the keyboard has the corners that were typed", { timeout: 90_000 }, async (t) => {
  await restored(t);
  const { page, check } = await editor(t);
  await button(page, "Zone by numbers").focus();
  await page.keyboard.press("Enter");
  const want = [[100, 200], [400.5, 200], [400.5, 500], [100, 500]];
  for (const [i, corner] of want.entries()) {
    for (const axis of [0, 1]) {
      await page.getByLabel(`Outline, corner ${i + 1}, ${"xy"[axis]}`, { exact: true }).focus();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(String(corner[axis]));
    }
  }
  await named(page, "Typed", "typed");
  await button(page, "Save").focus();
  await page.keyboard.press("Enter");
  await told(page, "Saved. What counts");
  const ring = (await features()).typed.geometry.coordinates[0];
  assert.deepEqual(ring, [...want, want[0]]);
  await check();
});

test("a shape that crosses itself cannot be saved, and says why", { timeout: 60_000 }, async (t) => {
  const { page } = await editor(t);
  await button(page, "Zone by numbers").click();
  const x1 = page.getByLabel("Outline, corner 1, x", { exact: true }), x2 = page.getByLabel("Outline, corner 2, x", { exact: true });
  const [a, b] = [await x1.inputValue(), await x2.inputValue()];
  await x1.fill(b);
  await x2.fill(a);
  await page.locator(".zone-form .told", { hasText: "crosses or touches itself" }).waitFor();
  assert.ok(await button(page, "Save").isDisabled());
  await button(page, "Undo").click();
  await until(5, async () => assert.ok(!(await button(page, "Save").isDisabled())));
});

test("of two editors the second is told, and nothing of either is lost", { timeout: 120_000 }, async (t) => {
  await restored(t);
  const mine = await editor(t), theirs = await editor(t);
  await select(mine.page, "Entrance");
  await mine.page.getByLabel("Name", { exact: true }).fill("Front door");
  await select(theirs.page, "Till");
  await theirs.page.getByLabel("Capacity", { exact: true }).fill("7");
  await button(theirs.page, "Save").click();
  await told(theirs.page, "Saved. What counts");
  await button(mine.page, "Save").click({ timeout: 3000 }).catch(() => undefined); // it may have heard already
  await mine.page.locator(".conflict", { hasText: "Somebody else saved" }).waitFor();
  assert.equal(await mine.page.getByLabel("Name", { exact: true }).inputValue(), "Front door", "the draft is kept");
  const between = await features();
  assert.equal(between.till.properties.capacity, 7);
  assert.equal(between.entrance.properties.name, "Entrance", "the second has written over the first");
  await button(mine.page, "Put mine on top of theirs").click();
  await button(mine.page, "Save").click();
  await told(mine.page, "Saved. What counts");
  const last = await features();
  assert.equal(last.till.properties.capacity, 7);
  assert.equal(last.entrance.properties.name, "Front door");
});

test("axe finds nothing serious in the editor at work", { timeout: 180_000 }, async (t) => {
  const { page } = await editor(t);
  await select(page, "Promotion table");
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
    assert.deepEqual(violations.filter((v) => /serious|critical/.test(v.impact)).map((v) => `${v.id}: ${v.nodes[0].target}`), []);
  }
});

test("who may only read is offered no tools", { timeout: 90_000 }, async (t) => {
  const { page } = await visit(t, "/zones", { origin: world.closed.url, ready: ".signin form" });
  await page.fill("input", await world.closed.create("looker"));
  await page.keyboard.press("Enter");
  await page.waitForSelector(".zones .zone-list");
  assert.equal(await page.locator(".tools").count(), 0);
  assert.equal(await button(page, "Save").count(), 0);
});
