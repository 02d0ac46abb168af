// The dashboard in a real browser against a real demo: node browser/run.mjs BINARY [PATTERN]
import { readdir } from "node:fs/promises";
import { after, before } from "node:test";
import { closeWorld, openWorld } from "./world.mjs";

before(() => openWorld(), { timeout: 180_000 });
after(closeWorld, { timeout: 60_000 });

const wanted = process.argv[3] ?? "";
const files = (await readdir(import.meta.dirname)).filter((f) => f.endsWith(".test.mjs") && f.includes(wanted)).sort();
if (!files.length) throw new Error(`no test file has ${wanted} in its name`);
for (const file of files) await import(`./${file}`);
