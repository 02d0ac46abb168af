import assert from "node:assert/strict";
import { test } from "node:test";
import { openView, until, visit } from "./page.mjs";
import { api, shopZone } from "./world.mjs";

const far = "America/Los_Angeles"; // where the browser is; the shop is in Helsinki

/** spaces that a locale puts into a number become plain ones */
const plain = (s) => s.replace(/[\u00a0\u202f]/g, " ");

test("the language is the reader's, and can be chosen", async (t) => {
  const { page, context } = await openView(t, "live", { locale: "fi-FI" });
  assert.equal(await page.getAttribute("html", "lang"), "fi");
  assert.ok(await page.getByRole("link", { name: "Raportit" }).isVisible());
  await page.locator(".top-choice select").last().selectOption("en");
  assert.ok(await page.getByRole("link", { name: "Reports" }).isVisible());
  await page.reload();
  await page.waitForSelector("#now");
  assert.equal(await page.getAttribute("html", "lang"), "en", "the choice is kept");
  await context.close();
});

for (const [locale, sample] of [["fi-FI", /^\d+ \d{3}$/], ["en-GB", /^\d+,\d{3}$/]]) {
  test(`numbers and times are written as in ${locale}, by the shop's clock`, { timeout: 60_000 }, async (t) => {
    const { body } = await api("/api/v1/locations/1/reports/occupancy?from=2020-01-01&zone=location");
    const entries = body.rows[0].entries;
    assert.ok(entries > 999);
    const { page, check } = await visit(t, "/reports?kind=occupancy&period=yesterday&bucket=1h", { locale, timezoneId: far, ready: ".report:not(.old) table" });
    assert.equal(await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone), far);
    const { body: day } = await api(new URL(await page.getByRole("link", { name: "CSV", exact: true }).getAttribute("href"), "http://x").href.replace("http://x", "").replace("&format=csv", ""));
    const wanted = new Intl.DateTimeFormat(locale, { timeZone: shopZone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    const cells = await page.locator(".figures tbody tr td:first-child").allInnerTexts();
    assert.deepEqual(cells.map(plain), day.rows.map((r) => plain(wanted.format(new Date(r.start)))));
    assert.match(cells[0], /00[.:]00/, "the shop's day begins at its midnight");
    await page.goto(new URL("/reports?kind=occupancy&from=2020-01-01&to=2099-01-01&bucket=whole", page.url()).href);
    await page.waitForSelector(".report:not(.old) .cards");
    await until(10, async () => {
      const shown = (await page.locator(".cards dd, .figures td").allInnerTexts()).map(plain);
      assert.ok(shown.some((s) => sample.test(s)), `none of ${shown.join(" | ")} is written as ${sample}`);
    });
    await check();
  });
}

test("since when a feed is connected is told by the shop's clock", async (t) => {
  const { page } = await openView(t, "live", { timezoneId: far });
  const { body } = await api("/api/v1/locations");
  const since = new Intl.DateTimeFormat("en-GB", { timeZone: shopZone, hour: "2-digit", minute: "2-digit" }).format(new Date(body.locations[0].since));
  await until(10, async () => assert.equal(await page.innerText(".feed"), `Connected since ${since}`));
});

const brightness = (page) => page.evaluate(() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
  return (r + g + b) / 3;
});

test("light and dark are the system's, and can be chosen", async (t) => {
  const { page } = await openView(t, "live", { colorScheme: "dark" });
  assert.ok((await brightness(page)) < 60);
  await page.getByLabel("Appearance").selectOption("light");
  assert.ok((await brightness(page)) > 200);
  await page.reload();
  await page.waitForSelector("#now");
  assert.ok((await brightness(page)) > 200, "the choice is kept");
  await page.getByLabel("Appearance").selectOption("auto");
  assert.ok((await brightness(page)) < 60);
});
