import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./page.mjs";
import { api, world } from "./world.mjs";

const path = "/api/v1/locations/1/plan";
const planNow = async () => (await api("/api/v1/locations")).body.locations[0].plan;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="250" height="165"><rect width="250" height="165" fill="#cde"/></svg>`;
const file = (text) => ({ name: "plan.svg", mimeType: "image/svg+xml", buffer: Buffer.from(text) });

async function upload(page, text, scale) {
  await page.getByLabel(/picture \(PNG or SVG\)/i).setInputFiles(file(text));
  await page.getByLabel("Scale, cm a pixel").fill(String(scale));
  await page.getByRole("button", { name: "Save plan", exact: true }).click();
}

const told = (page, text) => page.locator(".plan-form [role=status]", { hasText: text }).waitFor();

test("a floor plan is uploaded, shown, and taken away again", { timeout: 60_000 }, async (t) => {
  const before = await planNow();
  const { page, context, check } = await visit(t, "/zones", { ready: "main .zone-list" });
  await page.locator(".plan-form summary").click();
  await upload(page, svg, 12.5);
  await told(page, "The plan is saved.");
  const now = await planNow();
  assert.deepEqual([now.scale, now.width, now.height], [12.5, 3125, 2062.5]);
  assert.equal(await (await fetch(world.demo.url + path)).text(), svg);
  const live = await context.newPage();
  await live.goto(world.demo.url + "/");
  await live.waitForFunction(() => [...document.querySelectorAll(".floor-map img")].some((i) => i.src.includes("/plan") && i.naturalWidth === 250));
  await page.getByRole("button", { name: "Remove plan", exact: true }).click();
  await told(page, "The plan is removed.");
  assert.deepEqual(await planNow(), before, "the configured plan is there again");
  await check();
});

test("a picture that is none is refused, and says why", { timeout: 60_000 }, async (t) => {
  const before = await planNow();
  const { page, check } = await visit(t, "/zones", { ready: "main .zone-list" });
  await page.locator(".plan-form summary").click();
  await upload(page, "<html/>", 1);
  await told(page, "but no SVG");
  assert.deepEqual(await planNow(), before);
  await check(/422/);
});
