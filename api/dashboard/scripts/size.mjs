// Fails where the first load (everything that index.html names, and the font) is too large.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const limit = 300_000;
const html = readFileSync("dist/index.html", "utf8");
const files = new Set(["index.html", ...[...html.matchAll(/(?:src|href)="\/(app\/[^"]+)"/g)].map((m) => m[1])]);
for (const css of [...files].filter((f) => f.endsWith(".css"))) {
  for (const [, name] of readFileSync(`dist/${css}`, "utf8").matchAll(/url\(\/(app\/[^)]+)\)/g)) files.add(name);
}
let total = 0;
for (const file of files) {
  const body = readFileSync(`dist/${file}`);
  const size = file.endsWith(".woff2") ? body.length : gzipSync(body, { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  first load, of ${limit}`);
if (total > limit) throw new Error(`the first load is ${total} bytes, more than ${limit}`);
