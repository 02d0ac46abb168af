import { useEffect, useMemo, useState } from "react";
import { useReport, type Answer, type Row } from "../api/queries";

export interface Figures { entries: number | null; dwell: number | null; peak: number | null; hour: (number | null)[] }

const number = (v: unknown) => (typeof v === "number" ? v : null);

/** minute changes once a minute. */
function useMinute(): number {
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / 60_000));
  useEffect(() => {
    const timer = setInterval(() => setMinute(Math.floor(Date.now() / 60_000)), 5000);
    return () => clearInterval(timer);
  }, []);
  return minute;
}

export function collect(today?: Answer, dwell?: Answer, hour?: Answer): Map<string, Figures> {
  const all = new Map<string, Figures>();
  const of = (row: Row) => {
    const id = String(row.zone_id);
    let f = all.get(id);
    if (!f) all.set(id, (f = { entries: null, dwell: null, peak: null, hour: [] }));
    return f;
  };
  for (const row of today?.rows ?? []) Object.assign(of(row), { entries: number(row.entries), peak: number(row.occupancy_max) });
  for (const row of dwell?.rows ?? []) of(row).dwell = number(row.dwell_mean);
  for (const row of hour?.rows ?? []) of(row).hour.push(number(row.occupancy_mean));
  return all;
}

/** useToday is what the tiles show besides the live count; a day begins where the shop's does. */
export function useToday(location: number) {
  const minute = useMinute();
  const today = useReport(location, "occupancy", {}, 5000);
  const dwell = useReport(location, "dwell", {}, 10_000);
  const lines = useReport(location, "lines", {}, 5000);
  const hour = useReport(location, "occupancy", { from: new Date((minute - 60) * 60_000).toISOString(), bucket: "1m" });
  const figures = useMemo(() => collect(today.data, dwell.data, hour.data), [today.data, dwell.data, hour.data]);
  return { figures, lines: lines.data?.rows ?? [] };
}
