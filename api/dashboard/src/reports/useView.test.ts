import { describe, expect, test } from "vitest";
import { kinds, sums, unitOf } from "./kinds";
import { fileOf, readView } from "./useView";

const today = "2026-11-28";
const read = (search: string) => readView(new URLSearchParams(search), today);

describe("an address", () => {
  test("without anything is this week's occupancy of the location", () => {
    expect(read("")).toMatchObject({ kind: "occupancy", period: "week", from: "2026-11-23", to: "2026-11-30", bucket: "1h", figure: "occupancy_mean", compare: "" });
    expect(read("").ask).toEqual({ from: "2026-11-23", bucket: "1h", zone: ["location"] });
  });

  test("says all of a view", () => {
    const view = read("kind=visits&from=2026-11-01&to=2026-11-08&bucket=1d&zone=till&zone=promo&compare=previous&hours=open&figure=engaged");
    expect(view).toMatchObject({ kind: "visits", period: "free", figure: "engaged", zones: ["till", "promo"], open: true });
    expect(view.ask).toEqual({ from: "2026-11-01", to: "2026-11-08", bucket: "1d", zone: ["till", "promo"], compare: "previous", hours: "open" });
  });

  test.each([
    "kind=constructor", "kind=nonsense", "period=fortnight", "from=2026-11-08&to=2026-11-01", "from=2026-13-45&to=2026-11-01", "from=x", "bucket=7m", "bucket=1m", "compare=%00", "figure=__proto__",
  ])("that gets it wrong (%s) is as usual", (search) => {
    expect(read(search)).toEqual(read(""));
  });

  test("of a period that goes on has no end", () => {
    expect(read("period=today").ask.to).toBeUndefined();
    expect(read("period=yesterday").ask.to).toBe(today);
  });
});

test("the files are what is shown", () => {
  const view = read("kind=dwell&period=yesterday&zone=till");
  expect(fileOf(21, view, "csv")).toBe("/api/v1/locations/21/reports/dwell?from=2026-11-27&to=2026-11-28&zone=till&format=csv");
});

test("every kind shows a figure at first, the ledger a table alone", () => {
  for (const kind of Object.keys(kinds)) {
    expect(read(`kind=${kind}`).kind).toBe(kind);
    expect(read(`kind=${kind}`).figure === "").toBe(kind === "ledger");
  }
});

test("units", () => {
  expect(["entries", "occupancy_mean", "dwell_p90", "served_wait_median_previous", "utilization", "rate_previous", "rate_previous_previous"].map(unitOf))
    .toEqual(["count", "mean", "seconds", "seconds", "percent", "percent", "percent"]);
  expect(["entries", "queue_max", "occupancy_min", "dwell_mean"].map(sums)).toEqual([true, false, false, false]);
});
