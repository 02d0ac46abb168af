// Pictures of every view of a demo: node browser/screenshots.mjs BINARY FOLDER [PATTERN]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { desktop, phone } from "./page.mjs";
import { closeWorld, openWorld, shopZone, world } from "./world.mjs";

const [, , , folder, pattern = ""] = process.argv;
const dayOf = (days) => new Intl.DateTimeFormat("en-CA", { timeZone: shopZone }).format(Date.now() + days * 86_400_000);
const settled = (kind) => (kind === "peaks" ? `from=${dayOf(-7)}&to=${dayOf(0)}` : "period=yesterday");
const report = (kind, more = "") => `/reports?kind=${kind}&${settled(kind)}${more}`;
const pictures = {
  live: { path: "/", ready: ".live .hero-now b" },
  "live-dark": { path: "/", ready: ".live .hero-now b", colorScheme: "dark" },
  occupancy: { path: report("occupancy", "&zone=shop&compare=previous") },
  visits: { path: report("visits", "&zone=shop") },
  dwell: { path: report("dwell") },
  peaks: { path: report("peaks", "&zone=shop"), colorScheme: "dark" },
  demographics: { path: report("demographics", "&zone=shop") },
  flows: { path: report("flows") },
  heatmap: { path: report("heatmap"), colorScheme: "dark" },
  queue: { path: report("queue") },
  funnel: { path: report("funnel") },
  lines: { path: report("lines") },
  utilization: { path: report("utilization", "&zone=shop") },
  groups: { path: report("groups") },
  ledger: { path: report("ledger") },
  zones: { path: "/zones", ready: "main .floor-map" },
  status: { path: "/status", ready: ".status .cards" },
  kiosk: { path: "/kiosk", ready: ".kiosk .kiosk-now", colorScheme: "dark" },
  "live-fi": { path: "/", ready: ".live .hero-now b", locale: "fi-FI" },
  "sign-in": { path: "/", ready: ".signin form", closed: true },
};

async function take(name, size, viewport) {
  const { path, ready = ".report:not(.old) > *", colorScheme = "light", locale = "en-GB", closed } = pictures[name];
  const context = await world.browser.newContext({ viewport, colorScheme, locale, timezoneId: shopZone, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto((closed ? world.closed : world.demo).url + path);
  await page.waitForSelector(ready);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(folder, `${name}-${size}.png`) });
  await context.close();
}

await mkdir(folder, { recursive: true });
try {
  await openWorld({ days: 8 }); // yesterday, and its weekday of the week before
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.WARM ?? 90) * 1000)); // the shop fills
  for (const name of Object.keys(pictures).filter((n) => n.includes(pattern))) {
    await take(name, "desktop", desktop);
    await take(name, "phone", phone);
    console.log(name);
  }
} finally {
  await closeWorld();
}
