import { useMemo } from "react";
import { useLanguage } from "../i18n";

/** none stands for a figure that there is not; it is never a zero. */
export const none = "–";

export interface Format {
  number(n: number | null | undefined, digits?: number): string;
  percent(n: number | null | undefined): string;
  /** duration of seconds: 45 s, 12:05, 1:02:40 */
  duration(seconds: number | null | undefined): string;
  time(at: string | number | Date): string;
  clock(at: string | number | Date): string;
  day(at: string | number | Date): string;
  moment(at: string | number | Date): string;
  date(date: string): string;
  weekday(n: number, form?: "short" | "long"): string;
  bytes(n: number | null | undefined): string;
}

export function makeFormat(locale: string, zone: string): Format {
  const numbers = new Map<number, Intl.NumberFormat>();
  const numbersOf = (digits: number) => {
    let f = numbers.get(digits);
    if (!f) numbers.set(digits, (f = new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: 0 })));
    return f;
  };
  const of = (options: Intl.DateTimeFormatOptions, timeZone = zone) => {
    const f = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (at: string | number | Date) => f.format(new Date(at));
  };
  const time = of({ hour: "2-digit", minute: "2-digit" });
  const clock = of({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = of({ weekday: "short", day: "numeric", month: "numeric" });
  const moment = of({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const date = of({ day: "numeric", month: "short", year: "numeric" }, "UTC");
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return {
    number: (n, digits = 0) => (n == null ? none : numbersOf(digits).format(n)),
    percent: (n) => (n == null ? none : percent.format(n)),
    duration: (s) => (s == null ? none : duration(s)),
    time, clock, day, moment, date,
    weekday: (n, form = "short") => of({ weekday: form }, "UTC")(Date.UTC(2024, 0, n)),
    bytes: (n) => {
      if (n == null) return none;
      const power = Math.min(Math.floor(Math.log10(Math.max(n, 1)) / 3), 4);
      return `${numbersOf(power ? 1 : 0).format(n / 1000 ** power)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
    },
  };
}

export function duration(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** useFormat writes numbers and times in the reader's locale and the shop's time zone. */
export function useFormat(zone: string): Format {
  const { locale } = useLanguage();
  return useMemo(() => makeFormat(locale, zone), [locale, zone]);
}
