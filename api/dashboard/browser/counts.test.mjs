import assert from "node:assert/strict";
import { test } from "node:test";
import { openView, until } from "./page.mjs";
import { api } from "./world.mjs";

const shown = (page) => page.evaluate(() => ({
  location: document.querySelector("#now").textContent,
  zones: Object.fromEntries([...document.querySelectorAll("tr[data-zone]")].map((r) => [r.dataset.zone, r.querySelector(".now b").textContent])),
}));

/** told is what the API says, written as the page writes it. */
const told = (o) => ({ location: String(o.occupancy), zones: Object.fromEntries(o.zones.map((z) => [z.zone_id, String(z.occupancy)])) });

/** hear keeps the tag of the last counts that the page got. */
function hear(page) {
  const last = { tag: null };
  page.on("response", (r) => {
    if (new URL(r.url()).pathname === "/api/v1/occupancy" && r.status() === 200) last.tag = r.headers().etag;
  });
  return last;
}

/** same reads page and API while both have the same state. */
async function same(page, last, seen, read) {
  const before = last.tag;
  const { body, tag } = await api("/api/v1/occupancy");
  const [on] = [await read(page)];
  assert.ok(before && before === last.tag && tag === last.tag, "page and API were never asked in the same state");
  assert.ok(!seen.has(tag), "the counts did not change");
  seen.add(tag);
  return { on, of: body.locations[0] };
}

test("the live view shows the counts of the API", { timeout: 150_000 }, async (t) => {
  const { page, check } = await openView(t, "live");
  const last = hear(page);
  await page.reload();
  const seen = new Set();
  for (let state = 1; state <= 4; state++) {
    const { on, of } = await until(40, () => same(page, last, seen, shown));
    assert.deepEqual(on, told(of), `shown (first) and the API's (second) at ${of.time}`);
    assert.ok(of.zones.length > 3 && of.occupancy > 0);
  }
  await check();
});

test("the kiosk shows the count of the API", { timeout: 90_000 }, async (t) => {
  const { page } = await openView(t, "kiosk");
  const last = hear(page);
  await page.reload();
  const { on, of } = await until(40, () => same(page, last, new Set(), (p) => p.textContent("#now")));
  assert.equal(on, String(of.occupancy));
});

test("today's entries are those of the report", { timeout: 90_000 }, async (t) => {
  const { page } = await openView(t, "live");
  await until(30, async () => {
    const { body } = await api("/api/v1/locations/1/reports/occupancy?zone=location");
    const entries = await page.textContent(".hero dl div:first-child dd");
    assert.equal(entries.replace(/\D/g, ""), String(body.rows[0].entries));
  });
});

test("people are drawn", async (t) => {
  const { page } = await openView(t, "live");
  const { body } = await api("/api/v1/occupancy");
  await until(20, async () => {
    const tracked = Number(/\d+/.exec(await page.textContent(".tracked"))?.[0]);
    assert.ok(Math.abs(tracked - body.locations[0].occupancy) <= 12, `${tracked} dots, ${body.locations[0].occupancy} people`);
  });
  const inked = await page.evaluate(() => {
    const canvas = document.querySelector(".floor-dots");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((v, i) => i % 4 === 3 && v > 0);
  });
  assert.ok(inked, "the canvas of the dots is empty");
});
