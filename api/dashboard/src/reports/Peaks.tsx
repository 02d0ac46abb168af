import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { lookup, why, write, type Names } from "./figures";

/** Peaks is the typical week: a weekday a row, an hour a column. */
export function Peaks({ rows, figure, f, names }: { rows: Row[]; figure: string; f: Format; names: Names }) {
  const { t } = useLanguage();
  const zones = [...new Set(rows.map((r) => String(r.zone_id)))];
  return zones.map((zone) => {
    const own = rows.filter((r) => r.zone_id === zone);
    const most = Math.max(...own.map((r) => Number(r[figure] ?? 0)), 1e-9);
    const at = new Map(own.map((r) => [`${r.weekday} ${r.hour}`, r]));
    const hours = Array.from({ length: 24 }, (_, h) => h);
    return (
      <div key={zone} className="scroll" tabIndex={0} role="region" aria-label={names(zone)}>
        <table className="peaks">
          <caption>{names(zone)}, {lookup(t, "figure", figure).toLowerCase()}</caption>
          <thead><tr><td />{hours.map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
          <tbody>
            {[1, 2, 3, 4, 5, 6, 7].map((day) => (
              <tr key={day}>
                <th scope="row">{f.weekday(day)}</th>
                {hours.map((h) => {
                  const row = at.get(`${day} ${h}`);
                  const value = row?.[figure];
                  const share = typeof value === "number" ? value / most : 0;
                  const text = row ? why(t, row, value) || write(f, figure, value) : t("reports.missing");
                  return <td key={h} className={value == null ? "absent" : ""} style={{ ["--share" as string]: share }} title={`${f.weekday(day, "long")} ${h}–${h + 1}: ${text}${row?.days ? ` (${row.days} ${lookup(t, "figure", "days").toLowerCase()})` : ""}. ${lookup(t, "define", figure)}`}>{typeof value === "number" ? (value === 0 ? "·" : f.number(value, value < 0.1 ? 2 : value < 10 ? 1 : 0)) : ""}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  });
}
