import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { change, lookup, why, write, type Names } from "./figures";

/** Card is one figure of the whole period, beside that of the period before. */
export function Card({ row, figure, f, compare }: { row: Row; figure: string; f: Format; compare: boolean }) {
  const { t } = useLanguage();
  const value = row[figure], before = row[`${figure}_previous`];
  const delta = change(value, before);
  return (
    <div className="card" title={lookup(t, "define", figure)}>
      <dt>{lookup(t, "figure", figure)}</dt>
      <dd className={value == null ? "absent" : ""}>{why(t, row, value) || write(f, figure, value)}</dd>
      {compare && <dd className="delta">{delta === null ? "" : <b>{delta >= 0 ? "▲" : "▼"} {f.percent(Math.abs(delta))}</b>} {t("reports.before", { value: write(f, figure, before) })}</dd>}
    </div>
  );
}

export function Cards({ rows, figures, by, f, names, compare }: { rows: Row[]; figures: string[]; by: string; f: Format; names: Names; compare: boolean }) {
  return rows.slice(0, 6).map((row, i) => (
    <dl key={i} className="cards">
      {rows.length > 1 && <div className="card whose"><dt>{names(String(row[by]))}</dt><dd /></div>}
      {figures.map((figure) => <Card key={figure} row={row} figure={figure} f={f} compare={compare} />)}
    </dl>
  ));
}

/** Dwell shows for each zone the middle half of what is known: median, mean, nine of ten. */
export function Dwell({ rows, f, names }: { rows: Row[]; f: Format; names: Names }) {
  const { t } = useLanguage();
  const most = Math.max(...rows.map((r) => Number(r.dwell_p90 ?? 0)), 1);
  const at = (v: unknown) => `${(Number(v ?? 0) / most) * 100}%`;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t("kind.dwell")}>
    <table className="dwell">
      <thead><tr><th scope="col">{lookup(t, "figure", "zone_id")}</th><th scope="col" className="num">{lookup(t, "figure", "visits")}</th><th scope="col" className="num">{lookup(t, "figure", "dwell_median")}</th><th scope="col" className="num">{lookup(t, "figure", "dwell_p90")}</th><th scope="col"><i className="key median" /> {lookup(t, "figure", "dwell_median")} <i className="key p90" /> {lookup(t, "figure", "dwell_p90")} <i className="key mean" /> {lookup(t, "figure", "dwell_mean")}</th></tr></thead>
      <tbody>
        {rows.map((r) => (
          <tr key={String(r.zone_id)}>
            <th scope="row">{names(String(r.zone_id))}</th>
            <td className="num">{write(f, "visits", r.visits)}</td>
            <td className={`num${r.dwell_median == null ? " absent" : ""}`}>{why(t, r, r.dwell_median) || write(f, "dwell_median", r.dwell_median)}</td>
            <td className="num">{write(f, "dwell_p90", r.dwell_p90)}</td>
            <td className="range" title={["dwell_median", "dwell_mean", "dwell_p90", "dwell_max"].map((x) => `${lookup(t, "figure", x)}: ${write(f, x, r[x])}`).join("\n")}>
              <span><i className="p90" style={{ width: at(r.dwell_p90) }} /><i className="median" style={{ width: at(r.dwell_median) }} />{r.dwell_mean != null && <i className="mean" style={{ left: at(r.dwell_mean) }} />}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    </div>
  );
}

/** Queues is a board for each queue: how many were served and how many gave up, and how long they waited. */
export function Queues({ rows, f, names, compare }: { rows: Row[]; f: Format; names: Names; compare: boolean }) {
  const { t } = useLanguage();
  const facts = [["served_wait_median", "queue.wait"], ["served_wait_p90", "queue.p90"], ["queue_max", "queue.max"], ["over_target", "queue.over"]] as const;
  return (
    <div className="boards">
      {rows.map((r) => {
        const ended = Number(r.served ?? 0) + Number(r.abandoned ?? 0);
        return (
          <section key={String(r.zone_id)} className="board" aria-label={names(String(r.zone_id))}>
            <h2>{names(String(r.zone_id))} <small>{why(t, r, r.joined) || `${write(f, "joined", r.joined)} ${t("queue.joined")}`}</small></h2>
            <div className="split" aria-hidden="true">{ended > 0 && <><i style={{ flexGrow: Number(r.served) }} /><i className="gone" style={{ flexGrow: Number(r.abandoned) }} /></>}</div>
            <p className="split-key">
              {(["served", "abandoned"] as const).map((x) => <span key={x} title={lookup(t, "define", x)}><i className={x} aria-hidden="true" /> <b>{write(f, x, r[x])}</b> {t(`queue.${x}`)} {ended > 0 && f.percent(Number(r[x]) / ended)}</span>)}
            </p>
            <dl>{facts.map(([figure, name]) => (
              <div key={figure} className="card" title={lookup(t, "define", figure)}>
                <dt>{t(name)}</dt><dd className={r[figure] == null ? "absent" : ""}>{why(t, r, r[figure]) || write(f, figure, r[figure])}</dd>
                {compare && <dd className="delta">{t("reports.before", { value: write(f, figure, r[`${figure}_previous`]) })}</dd>}
              </div>
            ))}</dl>
          </section>
        );
      })}
    </div>
  );
}

export function Funnel({ rows, f, names }: { rows: Row[]; f: Format; names: Names }) {
  const { t } = useLanguage();
  const most = Math.max(...rows.map((r) => Number(r.count ?? 0)), 1);
  if (!rows.length) return <p className="note">{t("reports.noplan")}</p>;
  return (
    <ol className="funnel">
      {rows.map((r) => (
        <li key={String(r.stage)} title={`${names(String(r.zone_id))}: ${write(f, "count", r.count)}`}>
          <span className="who"><small>{String(r.stage)}</small>{names(String(r.zone_id))}</span>
          <span className="bar"><i style={{ width: `${(Number(r.count ?? 0) / most) * 100}%` }} /></span>
          <b>{why(t, r, r.count) || write(f, "count", r.count)}</b>
          <span className="rates">{Number(r.stage) > 1 && <>{write(f, "rate_previous", r.rate_previous)} {t("funnel.previous")}<br />{write(f, "rate_first", r.rate_first)} {t("funnel.first")}</>}</span>
        </li>
      ))}
    </ol>
  );
}
