import { expect, test } from "vitest";
import { query } from "./address";

test("a query leaves out what is empty, repeats lists, and stays readable", () => {
  expect(query({})).toBe("");
  expect(query({ a: undefined, b: "", c: [] })).toBe("");
  expect(query({ kind: "dwell", zone: ["till", "a b"], from: "2026-03-02T09:00:00Z" })).toBe("?kind=dwell&zone=till&zone=a+b&from=2026-03-02T09:00:00Z");
});

test("a query reads back as it was", () => {
  const zones = ["ä&b", "c=d", "e+f", "100%", "a,b"];
  expect(new URLSearchParams(query({ zone: zones })).getAll("zone")).toEqual(zones);
});
