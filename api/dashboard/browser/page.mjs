import assert from "node:assert/strict";
import { shopZone, world } from "./world.mjs";

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** views are the addresses of the page, and what is there once a view is. */
export const views = {
  live: { path: "/", ready: ".live .hero-now b" },
  status: { path: "/status", ready: ".status .cards" },
  zones: { path: "/zones", ready: ".zones .zone-list" },
  kiosk: { path: "/kiosk", ready: ".kiosk .kiosk-now" },
};
export const kinds = ["occupancy", "visits", "dwell", "peaks", "demographics", "flows", "heatmap", "queue", "funnel", "lines", "groups", "utilization", "ledger"];
/** settled is a period that does not change any more. */
const dayOf = (days) => new Intl.DateTimeFormat("en-CA", { timeZone: shopZone }).format(Date.now() + days * 86_400_000);
const settled = (kind) => (kind === "peaks" ? `from=${dayOf(-7)}&to=${dayOf(0)}` : "period=yesterday");
for (const kind of kinds) views[`reports-${kind}`] = { path: `/reports?kind=${kind}&${settled(kind)}`, ready: ".report:not(.old) > *" };

/** watch notes whatever a page must not do: complain, fail, or ask another origin. */
function watch(page, origin) {
  const faults = [];
  page.on("console", (m) => m.type() === "error" && faults.push(`console: ${m.text()} ${m.location().url ?? ""}`));
  page.on("pageerror", (e) => faults.push(`uncaught: ${e.stack ?? e}`));
  const foreign = (url) => {
    const { protocol, host } = new URL(url);
    if (/^(https?|wss?):$/.test(protocol) && host !== new URL(origin).host) faults.push(`asked another origin: ${url}`);
  };
  page.on("request", (r) => foreign(r.url()));
  page.on("websocket", (s) => foreign(s.url()));
  page.on("response", (r) => r.status() >= 400 && faults.push(`${r.status()} ${r.url()}`));
  return faults;
}

const noteViolations = () => {
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile ?? ""}:${e.lineNumber}`));
};

/** visit opens a page in a browser profile of its own. check() fails on what it did wrong. */
export async function visit(t, path, { origin = world.demo.url, viewport = desktop, colorScheme = "light", locale = "en-GB", timezoneId = "UTC", ready, ...more } = {}) {
  const context = await world.browser.newContext({ viewport, colorScheme, locale, timezoneId, reducedMotion: "reduce", ...more });
  t.after(() => context.close());
  await context.addInitScript(noteViolations);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = watch(page, origin);
  await page.goto(origin + path);
  if (ready) await page.waitForSelector(ready);
  const check = async (allowed = /^$/) => {
    const all = [...faults, ...(await page.evaluate(() => window.violations)).map((v) => `policy violation: ${v}`)];
    assert.deepEqual(all.filter((f) => !allowed.test(f)), []);
  };
  return { page, context, faults, check };
}

export const openView = (t, name, options = {}) => visit(t, views[name].path, { ready: views[name].ready, ...options });

/** until tries until it does not throw, and at last throws what it threw. */
export async function until(seconds, what) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await what();
    } catch (e) {
      if (Date.now() > end) throw e;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
