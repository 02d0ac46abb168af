import { useEffect } from "react";
import type { Location } from "../api/client";
import { useZones } from "../api/queries";
import { useLanguage } from "../i18n";
import { useFormat } from "../lib/format";
import { Floor } from "../live/Floor";
import { useFloor, usePositions } from "../live/LiveView";
import { usePlan } from "../live/plan";
import { follow } from "../shell/App";
import { FeedState } from "../shell/FeedState";
import { Loading } from "../shell/Loading";

/** useAwake keeps the screen on where the browser lets us. */
function useAwake() {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const hold = () => {
      if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").then((l) => { lock = l; }, () => undefined);
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => {
      document.removeEventListener("visibilitychange", hold);
      void lock?.release();
    };
  }, []);
}

/** KioskView is for a wall: nothing to press, everything large. */
export function KioskView({ location }: { location: Location }) {
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const zones = useZones(location.location_id);
  const positions = usePositions(location.location_id);
  const { counts, figures, states, lineStates } = useFloor(location);
  const plan = usePlan(location);
  useAwake();
  if (!zones.data || !counts) return <Loading query={zones} />;
  const today = figures.get("location");
  return (
    <main className="kiosk" id="main">
      <Floor label={t("live.floor", { name: location.name })} collection={zones.data.collection} zones={states} lines={lineStates} positions={positions} plan={plan} />
      <section className="kiosk-side" aria-label={t("live.now")}>
        <h1>{location.name}</h1>
        <FeedState location={location} />
        <div className="kiosk-now" id="now">{f.number(counts.occupancy)}</div>
        <p>{t("live.inside")}{location.capacity !== null && ` ${t("live.of", { capacity: f.number(location.capacity) })}`}</p>
        {location.capacity !== null && <div className="meter" aria-hidden="true"><i className={counts.occupancy >= location.capacity ? "over" : ""} style={{ width: `${Math.min(counts.occupancy / location.capacity, 1) * 100}%` }} /></div>}
        <p>{t("live.entries")}: <strong>{f.number(today?.entries)}</strong></p>
        <ul className="kiosk-zones">
          {counts.zones.map((z) => <li key={z.zone_id}><span><i className={states.get(z.zone_id)?.over ? "swatch over" : "swatch"} style={{ ["--tint" as string]: Math.min(states.get(z.zone_id)?.tint ?? 0, 1) }} />{z.name}</span><b>{f.number(z.occupancy)}</b></li>)}
        </ul>
      </section>
      <a className="leave" href={`/?location=${location.location_id}`} onClick={follow}>{t("kiosk.leave")}</a>
    </main>
  );
}
