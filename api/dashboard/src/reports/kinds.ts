export type Chart = "series" | "peaks" | "demographics" | "flows" | "heatmap" | "queue" | "funnel" | "dwell" | "none";

export interface Kind {
  chart: Chart;
  /** the figures that can be charted, the first by itself */
  figures: string[];
  /** which member of a row tells whose it is; "" where a row is the location's */
  by: "zone_id" | "line_id" | "from_zone" | "";
  /** whether zones can be chosen, and which are while none is */
  zones: "none" | "location" | "all";
  /** whether its rows are cut into buckets unless one says otherwise */
  bucketed: boolean;
}

const zoned = { by: "zone_id", zones: "location" } as const;

export const kinds: Record<string, Kind> = {
  occupancy: { chart: "series", figures: ["occupancy_mean", "occupancy_max", "entries", "exits"], ...zoned, bucketed: true },
  visits: { chart: "series", figures: ["visitors", "entries", "visits", "engaged", "bounces"], ...zoned, bucketed: true },
  dwell: { chart: "dwell", figures: ["dwell_median", "dwell_mean", "dwell_p90", "dwell_max", "visits"], by: "zone_id", zones: "all", bucketed: false },
  peaks: { chart: "peaks", figures: ["occupancy_mean", "occupancy_max"], ...zoned, bucketed: false },
  demographics: { chart: "demographics", figures: ["visits", "dwell_mean"], ...zoned, bucketed: false },
  flows: { chart: "flows", figures: ["count"], by: "from_zone", zones: "none", bucketed: false },
  heatmap: { chart: "heatmap", figures: ["person_seconds"], by: "", zones: "none", bucketed: false },
  queue: { chart: "queue", figures: ["served_wait_median", "served_wait_p90", "joined", "served", "abandoned", "queue_max", "over_target"], by: "zone_id", zones: "none", bucketed: true },
  funnel: { chart: "funnel", figures: ["count"], by: "zone_id", zones: "none", bucketed: false },
  lines: { chart: "series", figures: ["in", "out", "net_in", "net_out"], by: "line_id", zones: "none", bucketed: true },
  groups: { chart: "series", figures: ["groups", "people", "size_mean"], by: "", zones: "none", bucketed: true },
  utilization: { chart: "series", figures: ["utilization", "occupied_share", "full_share"], ...zoned, bucketed: true },
  ledger: { chart: "none", figures: [], by: "zone_id", zones: "all", bucketed: false },
};

const percents = new Set(["utilization", "occupied_share", "full_share", "rate_previous", "rate_first"]);
const means = new Set(["occupancy_mean", "size_mean"]);
const seconds = /^(dwell_|served_wait_|abandoned_wait_)/;

export type Unit = "count" | "mean" | "percent" | "seconds";

/** unitOf is how a figure is written; a percentage is one of 1. */
export function unitOf(figure: string): Unit {
  const name = percents.has(figure) ? figure : figure.replace(/_previous$/, "");
  if (percents.has(name)) return "percent";
  if (means.has(name)) return "mean";
  return seconds.test(name) ? "seconds" : "count";
}

/** sums reports whether a figure of parts adds up to that of the whole. */
export const sums = (figure: string) => unitOf(figure) === "count" && !/_(max|min)$/.test(figure);
