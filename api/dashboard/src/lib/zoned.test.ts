import { describe, expect, test } from "vitest";
import { addDays, bucketFor, bucketsFor, dateIn, daysBetween, interval, presets, weekday } from "./zoned";

test("the date is the one that the shop's clock shows", () => {
  const at = new Date("2026-03-01T22:30:00Z");
  expect(dateIn("Europe/Helsinki", at)).toBe("2026-03-02");
  expect(dateIn("UTC", at)).toBe("2026-03-01");
  expect(dateIn("America/Los_Angeles", at)).toBe("2026-03-01");
  expect(dateIn("Pacific/Kiritimati", new Date("2026-12-31T10:00:00Z"))).toBe("2027-01-01");
});

test("days are counted in the calendar, over clock changes and leap days", () => {
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
});

test("weeks begin on Monday", () => {
  expect(weekday("2026-11-23")).toBe(1);
  expect(weekday("2026-11-29")).toBe(7);
});

describe("periods are half-open", () => {
  test.each([
    ["today", "2026-11-28", "2026-11-29"],
    ["yesterday", "2026-11-27", "2026-11-28"],
    ["week", "2026-11-23", "2026-11-30"],
    ["last_week", "2026-11-16", "2026-11-23"],
    ["month", "2026-11-01", "2026-12-01"],
    ["last_month", "2026-10-01", "2026-11-01"],
  ] as const)("%s", (preset, from, to) => {
    expect(interval(preset, "2026-11-28")).toEqual({ from, to });
  });

  test("at the ends of years and in short months", () => {
    expect(interval("last_month", "2026-01-31")).toEqual({ from: "2025-12-01", to: "2026-01-01" });
    expect(interval("month", "2026-12-31")).toEqual({ from: "2026-12-01", to: "2027-01-01" });
    expect(interval("month", "2026-02-01")).toEqual({ from: "2026-02-01", to: "2026-03-01" });
  });

  test("today, this week and this month hold today, on every day of a year", () => {
    for (let d = "2028-01-01"; d < "2029-01-01"; d = addDays(d, 1)) {
      for (const preset of ["today", "week", "month"] as const) {
        const { from, to } = interval(preset, d);
        expect(from <= d && d < to).toBe(true);
      }
      for (const preset of presets) expect(daysBetween(interval(preset, d).from, interval(preset, d).to)).toBeGreaterThan(0);
    }
  });
});

test("the usual bucket can always be chosen, and no choice is too fine to be drawn", () => {
  for (let days = 1; days < 1200; days++) {
    const choices = bucketsFor(days);
    expect(choices).toContain(bucketFor(days));
    if (days > 3) expect(choices).not.toContain("1m");
  }
  expect(bucketsFor(1)).not.toContain("1w");
});
