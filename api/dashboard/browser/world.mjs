import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { footfall, start } from "./process.mjs";

export const binary = process.argv[2] ?? "../../bin/footfall";
export const shopZone = "Europe/Helsinki";

/** world is what all tests share: a demo, a server that wants tokens, a browser. */
export const world = { demo: null, closed: null, browser: null, folder: "" };

export async function openWorld({ closed = true, days = 7 } = {}) {
  world.folder = await mkdtemp(join(tmpdir(), "footfall-browser-"));
  world.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  world.demo = await start(binary, ["demo", "--listen", "127.0.0.1:0", "--days", String(days)]);
  if (closed) world.closed = await startClosed();
}

export async function closeWorld() {
  await world.browser?.close();
  await world.closed?.stop();
  await world.demo?.stop();
  if (world.folder) await rm(world.folder, { recursive: true, force: true });
}

/** startClosed is footfall serve on the demo's feed, with tokens asked for. */
async function startClosed() {
  const zones = join(world.folder, "zones.geojson"), config = join(world.folder, "footfall.yaml");
  await writeFile(zones, await (await fetch(`${world.demo.url}/api/v1/locations/1/zones`)).text());
  const feed = /Signals server at (ws:\S+)/.exec(world.demo.said())[1];
  await writeFile(config, JSON.stringify({
    listen: "127.0.0.1:0", database: join(world.folder, "footfall.db"), zones, auth: { required: true },
    locations: [{ id: 1, name: "Demo shop", timezone: shopZone, capacity: 120 }], feeds: [{ url: feed, token: "demo", locations: [1] }],
  }));
  const server = await start(binary, ["serve", "--config", config]);
  const token = (...args) => footfall(binary, ["token", ...args, "--config", config]);
  return {
    ...server,
    create: async (name, scope = "read") => (await token("create", "--name", name, "--locations", "1", "--scope", scope)).trim().split("\n").at(-1),
    revoke: (name) => token("revoke", name),
  };
}

/** api asks the demo, as any client would. */
export async function api(path, headers = {}) {
  const response = await fetch(world.demo.url + path, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return { body: await response.json(), tag: response.headers.get("ETag") };
}
