import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { lookup, why, write, type Names } from "./figures";

const bands = ["65+", "55-64", "45-54", "35-44", "25-34", "18-24", "0-17", "unknown"];

/** Demographics is a pyramid: men to the left, women to the right, the unknown beside. */
export function Demographics({ rows, figure, f, names }: { rows: Row[]; figure: string; f: Format; names: Names }) {
  const { t } = useLanguage();
  const zones = [...new Set(rows.map((r) => String(r.zone_id)))];
  return zones.map((zone) => {
    const own = rows.filter((r) => r.zone_id === zone);
    const most = Math.max(...own.filter((r) => r.gender !== "unknown").map((r) => Number(r[figure] ?? 0)), 1);
    const bar = (gender: string, band: string) => {
      const row = own.find((r) => r.gender === gender && r.age_band === band);
      const value = row?.[figure];
      const text = row ? why(t, row, value) || write(f, figure, value) : "–";
      const title = `${t(`gender.${gender}` as never)}, ${band === "unknown" ? t("age.unknown") : band}: ${text}. ${lookup(t, "define", figure)}`;
      return (
        <td className={`bar ${gender}`} title={title}>
          <span>{gender === "unknown" && !row?.suppressed ? null : <i className={row?.suppressed ? "hidden" : ""} style={{ width: row?.suppressed ? gender === "unknown" ? "40px" : "14%" : `${(Number(value ?? 0) / most) * 100}%` }} />}<b>{row?.suppressed ? "?" : text}</b></span>
        </td>
      );
    };
    return (
      <div key={zone} className="scroll" tabIndex={0} role="region" aria-label={names(zone)}>
        <table className="pyramid">
          <caption>{names(zone)}, {lookup(t, "figure", figure).toLowerCase()}</caption>
          <thead><tr><th scope="col" className="num">{t("gender.male")}</th><th scope="col" className="band">{t("demographics.age")}</th><th scope="col">{t("gender.female")}</th><th scope="col">{t("gender.unknown")}</th></tr></thead>
          <tbody>{bands.map((band) => <tr key={band}>{bar("male", band)}<th scope="row" className="band">{band === "unknown" ? t("gender.unknown") : band}</th>{bar("female", band)}{bar("unknown", band)}</tr>)}</tbody>
        </table>
        <p className="note"><i className="key hidden" /> {t("reports.suppressed")}</p>
      </div>
    );
  });
}
