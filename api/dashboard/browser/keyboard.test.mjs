import assert from "node:assert/strict";
import { test } from "node:test";
import { openView, visit } from "./page.mjs";
import { world } from "./world.mjs";

/** focused is what has the focus, and whether that can be seen. */
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const name = e.getAttribute("aria-label") ?? e.closest("label")?.firstChild?.textContent ?? e.textContent;
  return {
    name: name.trim().slice(0, 40), tag: e.tagName,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0,
  };
});

/** walk presses Tab until the focus leaves the page, and gives where it was. */
async function walk(page) {
  const stops = [];
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const stop = await focused(page);
    if (!stop) return stops;
    assert.ok(stop.outlined && stop.seen, `the focus on ${stop.tag} ${stop.name} cannot be seen: ${JSON.stringify(stop)}`);
    stops.push(stop.name);
  }
  assert.fail(`the keyboard is caught: ${stops.slice(-6).join(" | ")}`);
}

async function tabTo(page, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    if ((await focused(page))?.name === name) return;
  }
  assert.fail(`Tab does not reach ${name}`);
}

for (const [view, wanted] of Object.entries({
  live: ["Skip to the content", "Footfall", "Live", "Reports", "Status", "Kiosk", "API", "Appearance", "Language", "Floor of Demo shop", "Zoom in", "Zoom out", "Whole floor"],
  "reports-occupancy": ["Occupancy", "Visits", "Period", "Resolution", "Compare with", "Figure", "CSV", "XLSX", "Copy link"],
  status: ["Live", "Reports", "Status"],
  kiosk: ["Leave kiosk view"],
})) {
  test(`Tab reaches everything on ${view}, seen`, { timeout: 60_000 }, async (t) => {
    const { page } = await openView(t, view);
    const stops = await walk(page);
    for (const name of wanted) assert.ok(stops.includes(name), `Tab does not reach ${name}, only ${stops.join(" | ")}`);
  });
}

test("keys alone lead from the counts to a file", { timeout: 90_000 }, async (t) => {
  const { page } = await openView(t, "live");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skip
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.reload();
  await page.waitForSelector("#now");
  await tabTo(page, "Reports");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".reports .kinds");
  await tabTo(page, "Dwell");
  await page.keyboard.press("Space");
  await page.waitForSelector(".report:not(.old) .dwell");
  await tabTo(page, "Period");
  await page.keyboard.press("ArrowUp"); // from this week to yesterday
  await page.waitForURL(/period=yesterday/);
  await tabTo(page, "CSV");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.match(download.url(), /dwell.*format=csv/);
});

test("the floor moves and grows by keys", async (t) => {
  const { page } = await openView(t, "live");
  await page.locator(".floor-map").focus();
  const where = () => page.evaluate(() => {
    const { x, y, width } = document.querySelector("path.zone").getBoundingClientRect();
    return { x: Math.round(x), y: Math.round(y), width: Math.round(width) };
  });
  const before = await where();
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(500);
  const moved = await where();
  assert.notEqual(moved.x, before.x);
  await page.keyboard.press("+");
  await page.waitForTimeout(300);
  assert.ok((await where()).width > moved.width);
});

test("signing in needs no mouse, and takes its time", { timeout: 90_000 }, async (t) => {
  const token = await world.closed.create("keys");
  const { page } = await visit(t, "/", { origin: world.closed.url, ready: ".signin form" });
  assert.equal((await focused(page)).tag, "INPUT");
  await page.keyboard.type(token.slice(0, 20));
  await page.waitForTimeout(6000); // the page asks again meanwhile
  await page.keyboard.type(token.slice(20));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#now");
});
