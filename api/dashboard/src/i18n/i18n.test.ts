import { describe, expect, test } from "vitest";
import { en, type Key } from "./en";
import { fi } from "./fi";
import { translate } from "./index";

const keys = Object.keys(en) as Key[];
const placeholders = (message: string) => [...message.matchAll(/\{\w+\}/g)].map(String).sort();

describe("catalogues", () => {
  test("have the same keys", () => {
    expect(Object.keys(fi).sort()).toEqual([...keys].sort());
  });

  test.each(keys)("%s has text and the same placeholders in both", (key) => {
    expect(fi[key].trim()).not.toBe("");
    expect(placeholders(fi[key])).toEqual(placeholders(en[key]));
  });
});

test("placeholders are filled, and one that is not stays to be seen", () => {
  expect(translate("en", "live.of", { capacity: 12 })).toBe("of 12");
  expect(translate("fi", "live.of", { capacity: 12 })).toBe("/ 12");
  expect(translate("en", "live.of")).toBe("of {capacity}");
});
