import { useEffect, useMemo, useState } from "react";
import { useLive } from "../api/counts";
import type { Location, Occupancy } from "../api/client";
import { useZones } from "../api/queries";
import { useLanguage } from "../i18n";
import { useFormat } from "../lib/format";
import { Loading } from "../shell/Loading";
import { Floor, type LineState, type ZoneState } from "./Floor";
import { usePlan } from "./plan";
import { Positions } from "./positions";
import { Sparkline } from "./Sparkline";
import { useToday, type Figures } from "./useToday";

/** usePositions keeps the socket open while the page is in sight. */
export function usePositions(location: number): Positions {
  const positions = useMemo(() => new Positions(location), [location]);
  useEffect(() => {
    positions.open();
    return () => positions.close();
  }, [positions]);
  return positions;
}

export function zoneStates(counts: Occupancy | undefined, figures: Map<string, Figures>): Map<string, ZoneState> {
  return new Map((counts?.zones ?? []).map((z) => {
    const most = z.capacity ?? Math.max(figures.get(z.zone_id)?.peak ?? 0, 4);
    return [z.zone_id, { now: z.occupancy, capacity: z.capacity, tint: z.occupancy / most, over: z.capacity !== null && z.occupancy >= z.capacity }];
  }));
}

export function useFloor(location: Location) {
  const live = useLive();
  const counts = live.byLocation.get(location.location_id);
  const { figures, lines } = useToday(location.location_id);
  const states = useMemo(() => zoneStates(counts, figures), [counts, figures]);
  const lineStates = useMemo(() => new Map(lines.map((r): [string, LineState] => [String(r.line_id), { in: r.in as number | null, out: r.out as number | null }])), [lines]);
  return { counts, figures, states, lineStates };
}

export function LiveView({ location }: { location: Location }) {
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const zones = useZones(location.location_id);
  const positions = usePositions(location.location_id);
  const { counts, figures, states, lineStates } = useFloor(location);
  const plan = usePlan(location);
  const [selected, setSelected] = useState<string | null>(null);
  if (!zones.data || !counts) return <Loading query={zones} />;
  return (
    <div className="live">
      <section className="live-floor" aria-label={t("live.floor", { name: location.name })}>
        <Floor label={t("live.floor", { name: location.name })} collection={zones.data.collection} zones={states} lines={lineStates} positions={positions} plan={plan} selected={selected} onSelect={setSelected} />
        <p className="floor-legend"><i className="ramp" aria-hidden="true" /> {t("live.legend")} <Tracked positions={positions} /></p>
      </section>
      <section className="live-side">
        <LocationTile location={location} counts={counts} figures={figures.get("location")} />
        <table className="tiles">
          <thead>
            <tr><th scope="col">{t("live.zone")}</th><th scope="col">{t("live.hour")}</th><th scope="col" className="num">{t("live.now")}</th><th scope="col" className="num" title={t("live.entries")}>{t("live.entries.short")}</th><th scope="col" className="num" title={t("live.dwell")}>{t("live.dwell.short")}</th></tr>
          </thead>
          <tbody>
            {counts.zones.map((z) => {
              const state = states.get(z.zone_id), own = figures.get(z.zone_id);
              return (
                <tr key={z.zone_id} data-zone={z.zone_id} className={selected === z.zone_id ? "selected" : ""} onMouseEnter={() => setSelected(z.zone_id)} onMouseLeave={() => setSelected(null)}>
                  <th scope="row"><i className={state?.over ? "swatch over" : "swatch"} style={{ ["--tint" as string]: Math.min(state?.tint ?? 0, 1) }} aria-hidden="true" />{z.name}</th>
                  <td className="spark-cell"><Sparkline values={own?.hour ?? []} label={`${z.name}, ${t("live.hour")}`} /></td>
                  <td className={z.occupancy ? "num now" : "num now zero"}><b>{f.number(z.occupancy)}</b>{z.capacity !== null && <small>/{f.number(z.capacity)}</small>}</td>
                  <td className="num">{f.number(own?.entries)}</td>
                  <td className="num">{f.duration(own?.dwell)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Tracked({ positions }: { positions: Positions }) {
  const { t } = useLanguage();
  const [n, setN] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setN(positions.connected ? positions.present : -1), 500);
    return () => clearInterval(timer);
  }, [positions]);
  return <span className="tracked">{n === null ? "" : n < 0 ? t("live.dots.off") : t("live.dots", { n })}</span>;
}

function LocationTile({ location, counts, figures }: { location: Location; counts: Occupancy; figures?: Figures }) {
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const share = location.capacity ? counts.occupancy / location.capacity : null;
  return (
    <div className="hero">
      <div className="hero-now">
        <b id="now">{f.number(counts.occupancy)}</b>
        <span>{t("live.inside")}{location.capacity !== null && <><br />{t("live.of", { capacity: f.number(location.capacity) })}</>}</span>
      </div>
      {share !== null && <div className="meter" role="meter" aria-label={t("live.now")} aria-valuemin={0} aria-valuemax={location.capacity!} aria-valuenow={counts.occupancy}><i className={share >= 1 ? "over" : ""} style={{ width: `${Math.min(share, 1) * 100}%` }} /></div>}
      <dl>
        <div><dt>{t("live.entries")}</dt><dd>{f.number(figures?.entries)}</dd></div>
        <div><dt>{t("live.dwell")}</dt><dd>{f.duration(figures?.dwell)}</dd></div>
        <div><dt>{t("live.peak")}</dt><dd>{f.number(figures?.peak == null ? null : Math.max(figures.peak, counts.occupancy))}</dd></div>
        <div className="hero-hour"><dt>{t("live.hour")}</dt><dd><Sparkline values={figures?.hour ?? []} width={240} height={36} label={t("live.hour")} /></dd></div>
      </dl>
    </div>
  );
}
