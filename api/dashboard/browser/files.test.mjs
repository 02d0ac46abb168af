import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { kinds, openView, visit } from "./page.mjs";
import { csvRows, serial, xlsxRows } from "./sheets.mjs";
import { api } from "./world.mjs";

async function take(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
  return { url: new URL(download.url()), bytes: await readFile(await download.path()), name: download.suggestedFilename() };
}

/** asked is what the API answers to the same question as JSON. */
async function asked(url) {
  const query = new URLSearchParams(url.search);
  query.delete("format");
  return (await api(`${url.pathname}?${query}`)).body.rows;
}

const times = new Set(["start", "end", "previous_start"]);

function compareCSV(rows, want) {
  assert.equal(rows.length, want.length);
  rows.forEach((row, i) => {
    for (const [name, text] of Object.entries(row)) assert.equal(text, String(want[i][name] ?? ""), `row ${i + 1}, ${name}`);
  });
}

function compareXLSX(rows, want) {
  assert.equal(rows.length, want.length);
  rows.forEach((row, i) => {
    for (const [name, value] of Object.entries(row)) {
      if (name.endsWith("_local")) continue;
      const wanted = want[i][name] ?? "";
      if (times.has(name) && wanted) assert.ok(Math.abs(value - serial(wanted)) < 1e-6, `row ${i + 1}, ${name}: ${value}, not ${wanted}`);
      else if (typeof wanted === "number") assert.ok(typeof value === "number" && Math.abs(value - wanted) <= Math.abs(wanted) * 1e-14, `row ${i + 1}, ${name}: ${value}, not ${wanted}`); // a workbook has 15 digits
      else assert.equal(value, wanted, `row ${i + 1}, ${name}`);
    }
  });
}

for (const kind of kinds) {
  test(`the files of ${kind} have the rows of the API`, { timeout: 90_000 }, async (t) => {
    const { page, check } = await openView(t, `reports-${kind}`);
    const csv = await take(page, "CSV"), xlsx = await take(page, "XLSX");
    const want = await asked(csv.url);
    assert.ok(want.length > 0, "the report is empty");
    assert.match(csv.name, /\.csv$/);
    assert.match(xlsx.name, /\.xlsx$/);
    compareCSV(csvRows(csv.bytes.toString()), want);
    compareXLSX(xlsxRows(xlsx.bytes), await asked(xlsx.url));
    await check();
  });
}

test("a link shows a colleague the same", { timeout: 90_000 }, async (t) => {
  const { page } = await openView(t, "reports-occupancy");
  await page.getByRole("button", { name: "Visits", exact: true }).click();
  await page.getByLabel("Period").selectOption("yesterday");
  await page.getByLabel("Compare with").selectOption("previous");
  await page.getByLabel("Resolution").selectOption("1h");
  await page.locator(".controls select").last().selectOption("engaged");
  await page.locator(".picker summary").click();
  await page.locator(".picker").getByLabel("Entrance", { exact: true }).check();
  await page.locator(".picker summary").click();
  await page.getByLabel("Opening hours only").check();
  const text = async (p) => {
    await p.waitForLoadState("networkidle").catch(() => undefined);
    await p.waitForSelector(".report:not(.old) table");
    await p.waitForTimeout(500);
    return p.innerText("main");
  };
  const mine = await text(page);
  assert.match(mine, /Entrance/);
  const { page: theirs } = await visit(t, page.url().replace(new URL(page.url()).origin, ""), { ready: ".report:not(.old) table" });
  assert.equal(await text(theirs), mine);
  await page.goBack();
  assert.notEqual(page.url(), theirs.url(), "back leads to the view before");
});

test("an address with nonsense shows a report all the same", async (t) => {
  const { page, check } = await visit(t, "/reports?kind=nonsense&period=x&bucket=7s&compare=y&from=2026-13-40&to=1&figure=z", { ready: ".report:not(.old) table" });
  assert.match(await page.innerText("h1"), /Occupancy/);
  await check();
});
