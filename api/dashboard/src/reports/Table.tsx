import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { lookup, why, write, type Names } from "./figures";
import type { Key } from "../i18n";

const most = 300;
const hidden = new Set(["end", "hours", "partial", "suppressed", "previous_start"]);
const subjects = new Set(["zone_id", "line_id", "from_zone", "to_zone"]);

function columnsOf(rows: Row[], bucketed: boolean): string[] {
  const first = rows[0];
  if (!first) return [];
  return Object.keys(first).filter((c) => !hidden.has(c) && (bucketed || c !== "start"));
}

export function Table({ rows, bucketed, f, names }: { rows: Row[]; bucketed: boolean; f: Format; names: Names }) {
  const { t } = useLanguage();
  const columns = columnsOf(rows, bucketed);
  const cell = (row: Row, c: string): string => {
    const v = row[c];
    if (c === "start") return f.moment(row.start);
    if (c === "coverage") return f.percent(row.coverage);
    if (c === "weekday") return f.weekday(Number(v), "long");
    if (c === "gender") return t(`gender.${v}` as Key);
    if (subjects.has(c)) return names(String(v));
    return why(t, row, v) || write(f, c, v);
  };
  return (
    <details className="figures" open>
      <summary>{t("reports.table")} <span>{t("reports.rows", { n: f.number(rows.length) })}</span></summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("reports.table")}>
        <table>
          <thead><tr>{columns.map((c) => <th key={c} scope="col" className={typeof rows[0]![c] === "string" ? "" : "num"} title={lookup(t, "define", c)}>{/_previous$/.test(c) && c !== "rate_previous" ? t("reports.was", { figure: lookup(t, "figure", c) }) : lookup(t, "figure", c)}</th>)}</tr></thead>
          <tbody>
            {rows.slice(0, most).map((row, i) => (
              <tr key={i} className={row.coverage === 0 ? "missing" : row.partial ? "partial" : ""}>
                {columns.map((c) => <td key={c} className={(typeof row[c] === "string" ? "" : "num") + (row[c] == null ? " absent" : "")}>{cell(row, c)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && <p className="note">{t("reports.more", { n: f.number(most) })}</p>}
    </details>
  );
}
