// Dates of the shop's calendar. The API reads a date as the beginning of that business
// day, so the page never computes an instant from a date.

/** dateIn is the date that the clock of a time zone shows. */
export function dateIn(zone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const of = (type: string) => parts.find((p) => p.type === type)!.value;
  return `${of("year")}-${of("month")}-${of("day")}`;
}

const day = 86_400_000;

/** addDays counts in the calendar, where every day is a day. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

/** weekday is 1 (Monday) to 7. */
export function weekday(date: string): number {
  return ((new Date(date).getUTCDay() + 6) % 7) + 1;
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / day);
}

export const presets = ["today", "yesterday", "week", "last_week", "month", "last_month"] as const;
export type Preset = (typeof presets)[number];

/** interval is half-open: to is the first date that is not in it. */
export function interval(preset: Preset, today: string): { from: string; to: string } {
  const monday = addDays(today, 1 - weekday(today));
  const first = `${today.slice(0, 8)}01`;
  const nextMonth = `${addDays(first, 32).slice(0, 8)}01`;
  const lastMonth = `${addDays(first, -1).slice(0, 8)}01`;
  switch (preset) {
    case "today": return { from: today, to: addDays(today, 1) };
    case "yesterday": return { from: addDays(today, -1), to: today };
    case "week": return { from: monday, to: addDays(monday, 7) };
    case "last_week": return { from: addDays(monday, -7), to: monday };
    case "month": return { from: first, to: nextMonth };
    case "last_month": return { from: lastMonth, to: first };
  }
}

export const buckets = ["1m", "5m", "15m", "30m", "1h", "1d", "1w", "1mo"] as const;
export type Bucket = (typeof buckets)[number];

/** bucketFor is one that gives some ten to some two hundred points. */
export function bucketFor(days: number): Bucket {
  if (days <= 1) return "30m";
  if (days <= 10) return "1h";
  if (days <= 120) return "1d";
  return days <= 800 ? "1w" : "1mo";
}

/** bucketsFor are those that a chart of so many days can still show. */
export function bucketsFor(days: number): Bucket[] {
  const minutes = { "1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "1d": 1440, "1w": 10080, "1mo": 43200 };
  return buckets.filter((b) => (days * 1440) / minutes[b] <= 3000 && minutes[b] <= Math.max(days, 1) * 1440);
}
