import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { desktop, openView, phone, views, visit } from "./page.mjs";
import { world } from "./world.mjs";

/** serious are the issues of a page that axe calls serious or critical; of a long table the first rows stand for all. */
async function serious(page) {
  const { violations } = await new AxeBuilder({ page }).exclude(".figures tbody tr:nth-child(n+6)").options({ resultTypes: ["violations"] }).analyze();
  return violations.filter((v) => v.impact === "serious" || v.impact === "critical")
    .flatMap((v) => v.nodes.map((n) => `${v.impact} ${v.id}: ${n.target.join(" ")}: ${n.any[0]?.message ?? v.help}`));
}

/** everywhere looks at a page in both themes and both sizes. */
async function everywhere(page) {
  const found = [];
  for (const [colorScheme, viewport] of [["light", desktop], ["dark", phone]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.waitForTimeout(150);
    found.push(...(await serious(page)).map((f) => `${colorScheme}, ${viewport.width} wide: ${f}`));
  }
  return found;
}

for (const name of Object.keys(views)) {
  test(`axe finds nothing serious on ${name}`, { timeout: 180_000 }, async (t) => {
    const { page } = await openView(t, name);
    assert.deepEqual(await everywhere(page), []);
  });
}

test("axe finds nothing serious at the door", { timeout: 180_000 }, async (t) => {
  const { page } = await visit(t, "/", { origin: world.closed.url, ready: ".signin form" });
  assert.deepEqual(await everywhere(page), []);
  await page.fill("input", "wrong");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=alert]");
  assert.deepEqual(await everywhere(page), []);
});

test("axe looks", async (t) => {
  const { page } = await openView(t, "status");
  await page.evaluate(() => { document.querySelector("main").insertAdjacentHTML("beforeend", "<p class=pale>pale</p><button></button>"); document.querySelector(".pale").style.color = "#eee"; });
  const found = (await serious(page)).join("\n");
  assert.match(found, /color-contrast/);
  assert.match(found, /button-name/);
});
