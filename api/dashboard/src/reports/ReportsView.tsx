import { useMemo } from "react";
import type { Location } from "../api/client";
import { useReport, useZones, type Ask, type Row } from "../api/queries";
import { useLanguage } from "../i18n";
import { useFormat, type Format } from "../lib/format";
import { addDays } from "../lib/zoned";
import { idOf, isLine, nameOf, type Collection } from "../lib/geometry";
import { usePlan, type Plan } from "../live/plan";
import { Loading } from "../shell/Loading";
import { Cards, Dwell, Funnel, Queues } from "./boards";
import { Controls, Kinds } from "./Controls";
import { Demographics } from "./Demographics";
import type { Names } from "./figures";
import { Flows } from "./Flows";
import { Heatmap } from "./Heatmap";
import { Peaks } from "./Peaks";
import { Series } from "./Series";
import { Table } from "./Table";
import { useView, type View } from "./useView";

export function ReportsView({ location }: { location: Location }) {
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const { view, set } = useView(location);
  const zones = useZones(location.location_id);
  const report = useReport(location.location_id, view.kind, view.ask, 30_000);
  const whole = useReport(location.location_id, view.kind, view.bucket && ["series", "queue"].includes(view.spec.chart) ? wholeOf(view.ask) : null, 30_000);
  const collection = zones.data?.collection;
  const plan = usePlan(location);
  const { names, list } = useMemo(() => namesOf(collection, t("reports.location")), [collection, t]);
  const rows = report.data?.rows;
  const last = addDays(view.to, -1);
  return (
    <div className="reports">
      <Kinds view={view} set={set} />
      <div className="report-head">
        <div><h1>{t(`kind.${view.kind}` as never)} <small>{view.from === last ? f.date(view.from) : `${f.date(view.from)} – ${f.date(last)}`}</small></h1><p>{t(`about.${view.kind}` as never)}</p></div>
      </div>
      <Controls location={location} view={view} set={set} zones={list} />
      {!rows || report.error || !collection ? <Loading query={report.error || !rows ? report : zones} /> : (
        <div className={report.isPlaceholderData ? "report old" : "report"}>
          <Body view={view} rows={rows} whole={whole.data?.rows} collection={collection} plan={plan} zone={location.timezone} f={f} names={names} />
          {view.kind !== "heatmap" && rows.length > 0 && <Table rows={rows} bucketed={view.bucket !== ""} f={f} names={names} />}
        </div>
      )}
    </div>
  );
}

function wholeOf({ bucket: _, ...ask }: Ask): Ask {
  return ask;
}

function namesOf(collection: Collection | undefined, whole: string): { names: Names; list: { id: string; name: string }[] } {
  const features = collection?.features ?? [];
  const by = new Map([["location", whole], ...features.map((x): [string, string] => [idOf(x), nameOf(x)])]);
  const list = [{ id: "location", name: whole }, ...features.filter((x) => !isLine(x)).map((x) => ({ id: idOf(x), name: nameOf(x) }))];
  return { names: (id) => by.get(id) ?? id, list };
}

interface BodyProps { view: View; rows: Row[]; whole?: Row[]; collection: Collection; plan: Plan | null; zone: string; f: Format; names: Names }

function Body({ view, rows, whole, collection, plan, zone, f, names }: BodyProps) {
  const { t } = useLanguage();
  const { spec, figure } = view;
  const compare = view.compare !== "";
  if (!rows.length) return <p className="note">{t("reports.empty")}</p>;
  const bucketed = view.bucket !== "";
  const series = bucketed && <Series rows={rows} figure={figure} by={spec.by} bucket={view.bucket} zone={zone} compare={compare} f={f} names={names} />;
  const cards = <Cards rows={bucketed ? (whole ?? []) : rows} figures={spec.figures} by={spec.by} f={f} names={names} compare={compare} />;
  switch (spec.chart) {
    case "series": return <>{cards}{series}</>;
    case "queue": return <><Queues rows={bucketed ? (whole ?? []) : rows} f={f} names={names} compare={compare} />{series}</>;
    case "dwell": return bucketed ? series : <Dwell rows={rows} f={f} names={names} />;
    case "peaks": return <Peaks rows={rows} figure={figure} f={f} names={names} />;
    case "demographics": return bucketed ? null : <Demographics rows={rows} figure={figure} f={f} names={names} />;
    case "flows": return bucketed ? null : <Flows rows={rows} f={f} names={names} />;
    case "heatmap": return <Heatmap rows={rows} collection={collection} plan={plan} f={f} />;
    case "funnel": return bucketed ? <Series rows={rows} figure="count" by="zone_id" bucket={view.bucket} zone={zone} compare={compare} f={f} names={names} /> : <Funnel rows={rows} f={f} names={names} />;
    case "none": return null;
  }
}
