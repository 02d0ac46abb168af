import { inflateRawSync } from "node:zlib";

/** csvRows reads RFC 4180, as far as the API writes it, into rows by column name. */
export function csvRows(text) {
  const [header, ...lines] = text.trimEnd().split("\r\n").map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replaceAll('""', '"') ?? m[2]));
  return lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
}

/** unzip gives the files of a zip archive by name. */
function unzip(bytes) {
  const files = new Map();
  let at = bytes.readUInt32LE(bytes.lastIndexOf(Buffer.from("PK\x05\x06")) + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment, local] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const body = bytes.subarray(from, from + size);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), method ? inflateRawSync(body) : body);
    at += 46 + name + extra + comment;
  }
  return files;
}

const plain = (s) => s.replace(/&(lt|gt|quot|apos|amp);/g, (_, e) => ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" })[e]);
const columnOf = (ref) => [...ref.replace(/\d/g, "")].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;

/** xlsxRows reads a workbook's first sheet into rows by column name. */
export function xlsxRows(bytes) {
  const files = unzip(bytes);
  const shared = [...(files.get("xl/sharedStrings.xml")?.toString() ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map((m) => m[1].replace(/<[^>]*>/g, ""));
  const value = (kind, cell) => {
    const text = plain(/<(?:v|t)[^>]*>(.*?)<\/(?:v|t)>/s.exec(cell)?.[1] ?? "");
    return kind === "s" ? shared[Number(text)] : kind === "b" ? text === "1" : kind || text === "" ? text : Number(text);
  };
  const [header, ...rows] = [...files.get("xl/worksheets/sheet1.xml").toString().matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
    const cells = [];
    for (const [, attributes, body] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      cells[columnOf(/r="(\w+)"/.exec(attributes)[1])] = value(/ t="(\w+)"/.exec(` ${attributes}`)?.[1] ?? "", body ?? "");
    }
    return cells;
  });
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ""])));
}

/** serial is an instant as a spreadsheet counts: days since 1899-12-30, in UTC. */
export const serial = (instant) => Date.parse(instant) / 86_400_000 + 25_569;
