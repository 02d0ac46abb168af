import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { idOf, nameOf } from "../lib/geometry";
import type { Draft } from "./draft";
import type { Preview } from "./server";

interface Props { preview: Preview; draft: Draft; base: Draft; f: Format; old: boolean }

/** PreviewTable has each figure by the zones as drawn, beside what it was by those that count. */
export function PreviewTable({ preview, draft, base, f, old }: Props) {
  const { t } = useLanguage();
  if (!preview.from || !preview.to) return <p className="note">{t("zones.preview.none")}</p>;
  const name = (id: string) => {
    const item = [...draft, ...base].find((i) => idOf(i.feature) === id);
    return item ? nameOf(item.feature) : id === "location" ? t("reports.location") : id;
  };
  return (
    <div className={old ? "previewed old" : "previewed"}>
      <p className="note">{t("zones.preview.span", { from: f.time(preview.from), to: f.time(preview.to) })} {old && <strong>{t("zones.preview.old")}</strong>}</p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("zones.preview")}>
        <table>
          <thead><tr><th scope="col">{t("live.zone")}</th><th scope="col" className="num">{t("figure.entries")}</th><th scope="col" className="num">{t("figure.exits")}</th><th scope="col" className="num">{t("figure.dwell_mean")}</th><th scope="col" className="num">{t("figure.occupancy_max")}</th></tr></thead>
          <tbody>
            {preview.zones.map((z) => (
              <tr key={z.zone_id}>
                <th scope="row">{name(z.zone_id)}</th>
                <Pair now={z.entries_now} next={z.entries} write={f.number} /><Pair now={z.exits_now} next={z.exits} write={f.number} />
                <Pair now={z.dwell_mean_now} next={z.dwell_mean} write={f.duration} /><Pair now={z.occupancy_max_now} next={z.occupancy_max} write={f.number} />
              </tr>
            ))}
          </tbody>
        </table>
        {preview.lines.length > 0 && (
          <table>
            <thead><tr><th scope="col">{t("live.lines")}</th><th scope="col" className="num">{t("figure.in")}</th><th scope="col" className="num">{t("figure.out")}</th></tr></thead>
            <tbody>{preview.lines.map((l) => <tr key={l.line_id}><th scope="row">{name(l.line_id)}</th><Pair now={l.in_now} next={l.in} write={f.number} /><Pair now={l.out_now} next={l.out} write={f.number} /></tr>)}</tbody>
          </table>
        )}
      </div>
    </div>
  );
}

type Figure = number | null | undefined;

/** Pair says what it was only where that differs. */
function Pair({ now, next, write }: { now: Figure; next: Figure; write(v: Figure): string }) {
  const { t } = useLanguage();
  const differs = now !== next;
  return <td className={differs ? "num differs" : "num"}><b>{write(next)}</b>{differs && <small>{t("zones.preview.was", { value: write(now) })}</small>}</td>;
}
