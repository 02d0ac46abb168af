import { describe, expect, test } from "vitest";
import { duration, makeFormat, none } from "./format";

const english = makeFormat("en-GB", "Europe/Helsinki"), finnish = makeFormat("fi-FI", "Europe/Helsinki");
const plain = (s: string) => s.replace(/[\u00a0\u202f]/g, " ");

describe("numbers", () => {
  test("are written as the reader writes them", () => {
    expect(english.number(12345.678, 1)).toBe("12,345.7");
    expect(plain(finnish.number(12345.678, 1))).toBe("12 345,7");
    expect(english.percent(0.1234)).toBe("12.3%");
    expect(plain(finnish.percent(0.1234))).toBe("12,3 %");
  });

  test("that are not there are no zeros", () => {
    for (const missing of [null, undefined]) {
      for (const write of [english.number, english.percent, english.duration, english.bytes]) expect(write(missing)).toBe(none);
    }
    expect(english.number(0)).toBe("0");
    expect(english.duration(0)).toBe("0 s");
  });

  test("of bytes have a unit", () => {
    expect(english.bytes(999)).toBe("999 B");
    expect(english.bytes(1_234_567)).toBe("1.2 MB");
    expect(english.bytes(0)).toBe("0 B");
  });
});

test("durations", () => {
  expect([0.4, 59, 59.6, 60, 3599, 3600, 3 * 86_400].map(duration)).toEqual(["0 s", "59 s", "1:00", "1:00", "59:59", "1:00:00", "72:00:00"]);
});

describe("times", () => {
  const summer = "2026-07-01T21:05:09Z", winter = "2026-12-31T22:05:09Z";

  test("are those of the shop's clock, wherever the reader is", () => {
    expect(english.time(summer)).toBe("00:05");
    expect(english.clock(winter)).toBe("00:05:09");
    expect(finnish.clock(winter)).toBe("00.05.09");
    expect(makeFormat("en-GB", "America/New_York").time(winter)).toBe("17:05");
    expect(english.day(winter)).toMatch(/Fri/);
  });

  test("a date of the calendar has no time zone", () => {
    expect(makeFormat("en-GB", "America/New_York").date("2026-11-28")).toBe("28 Nov 2026");
    expect(makeFormat("en-GB", "Pacific/Kiritimati").date("2026-11-28")).toBe("28 Nov 2026");
  });

  test("weekdays are numbered from Monday", () => {
    expect(english.weekday(1, "long")).toBe("Monday");
    expect(english.weekday(7, "long")).toBe("Sunday");
    expect(finnish.weekday(1)).toBe("ma");
  });
});
