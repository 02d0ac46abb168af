import type { Row } from "../api/queries";
import type { Format } from "../lib/format";
import type { Key, Translate } from "../i18n";
import { en } from "../i18n/en";
import { unitOf } from "./kinds";

/** write gives a figure its unit. */
export function write(f: Format, figure: string, value: unknown): string {
  if (typeof value !== "number") return value == null ? "–" : String(value);
  switch (unitOf(figure)) {
    case "percent": return f.percent(value);
    case "seconds": return f.duration(value);
    case "mean": return f.number(value, 2);
    case "count": return f.number(value, Number.isInteger(value) ? 0 : 1);
  }
}

/** lookup is a message that there may not be. */
export function lookup(t: Translate, prefix: "figure" | "define", name: string): string {
  const base = name.replace(/_previous$/, "");
  const key = `${prefix}.${name in { rate_previous: 1 } ? name : base}`;
  return key in en ? t(key as Key) : prefix === "figure" ? base.replaceAll("_", " ") : "";
}

/** why says why a figure is not there; "" where it is. */
export function why(t: Translate, row: Row, value: unknown): string {
  if (value != null) return "";
  if (row.suppressed) return t("reports.suppressed");
  return row.coverage === 0 ? t("reports.missing") : "–";
}

/** change is a signed share, such as +12 %. */
export function change(now: unknown, before: unknown): number | null {
  return typeof now === "number" && typeof before === "number" && before !== 0 ? (now - before) / before : null;
}

/** Names tells zones and lines by their names. */
export type Names = (id: string) => string;
