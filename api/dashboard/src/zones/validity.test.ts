import { describe, expect, test } from "vitest";
import type { Feature, Ring } from "../lib/geometry";
import { draftOf } from "./draft";
import { drawingIssue, isDuration, issuesOf, polygonIssue, secondsOf } from "./validity";

const box = (x: number, y: number, w: number, h = w): Ring => [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]];
const zone = (id: string, properties: Record<string, unknown> = {}, ...rings: Ring[]): Feature =>
  ({ type: "Feature", id, properties: { location_id: 1, ...properties }, geometry: { type: "Polygon", coordinates: rings.length ? rings : [box(0, 0, 100)] } });
const reasons = (...features: Feature[]) => [...issuesOf(draftOf({ type: "FeatureCollection", features }), 1).values()].flat().map((i) => `${i.field} ${i.reason}`);

describe("shapes", () => {
  test.each<[string, Ring[], string | null]>([
    ["a square", [box(0, 0, 100)], null],
    ["a bow-tie", [[[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]]], "cross"],
    ["a spike", [[[0, 0], [100, 0], [200, 0], [100, 0], [100, 100], [0, 0]]], "cross"],
    ["one that touches itself at a corner", [[[0, 0], [50, 50], [100, 0], [100, 100], [50, 50], [0, 100], [0, 0]]], "cross"],
    ["two corners", [[[0, 0], [100, 0], [0, 0]]], "small"],
    ["a corner given twice", [[[0, 0], [100, 0], [100, 0], [100, 100], [0, 0]]], null],
    ["a hole", [box(0, 0, 100), box(20, 20, 20)], null],
    ["a hole outside", [box(0, 0, 100), box(200, 200, 20)], "hole.outside"],
    ["a hole across the edge", [box(0, 0, 100), box(90, 20, 20)], "hole.outside"],
    ["holes that overlap", [box(0, 0, 100), box(20, 20, 20), box(30, 30, 20)], "hole.overlap"],
    ["the same hole twice", [box(0, 0, 100), box(20, 20, 20), box(20, 20, 20)], "hole.overlap"],
    ["a hole in a hole", [box(0, 0, 100), box(20, 20, 40), box(30, 30, 10)], "hole.overlap"],
    ["a hole in the notch of an L", [[[0, 0], [100, 0], [100, 20], [20, 20], [20, 100], [0, 100], [0, 0]], box(50, 50, 20)], "hole.outside"],
  ])("%s", (_, rings, reason) => expect(polygonIssue(rings)).toBe(reason));

  test("what is drawn crosses itself as soon as its last edge does", () => {
    expect(drawingIssue([[0, 0], [100, 0], [100, 100]])).toBeNull();
    expect(drawingIssue([[0, 0], [100, 0], [100, 100], [50, -50]])).toBe("cross");
  });

  test("a line needs two different points", () => {
    const line = (a: [number, number], b: [number, number]): Feature => ({ type: "Feature", id: "l", properties: { location_id: 1 }, geometry: { type: "LineString", coordinates: [a, b] } });
    expect(reasons(line([0, 0], [0, 0]))).toEqual(["geometry line.short"]);
    expect(reasons(line([0, 0], [0, 1]))).toEqual([]);
  });
});

describe("properties", () => {
  test("ids", () => {
    expect(reasons(zone("a"), zone("a"))).toContain("id id.taken");
    expect(reasons(zone("location"))).toEqual(["id id.reserved"]);
    expect(reasons(zone(""))).toEqual(["id id.missing"]);
    expect(reasons(zone("ä".repeat(65)))).toEqual(["id id.long"]);
    expect(reasons(zone("a\n"))).toEqual(["id id.control"]);
  });

  test("queues are served elsewhere, in a zone that there is", () => {
    expect(reasons(zone("q", { kind: "queue", service: "till" }), zone("till"))).toEqual([]);
    expect(reasons(zone("q", { kind: "queue", service: "q" }))).toEqual(["service service.self"]);
    expect(reasons(zone("q", { kind: "queue", service: "x" }))).toEqual(["service service.unknown"]);
    expect(reasons(zone("q", { service: "till" }), zone("till"))).toEqual(["service service.plain"]);
  });

  test("capacity, delays and location", () => {
    expect(reasons(zone("a", { capacity: 0 }), zone("b", { capacity: 1.5 }), zone("c", { capacity: 3 }))).toEqual(["capacity capacity", "capacity capacity"]);
    expect(reasons(zone("a", { enter_after: "soon" }))).toEqual(["enter_after duration"]);
    expect(reasons({ ...zone("a"), properties: { location_id: 2 } })).toEqual(["location_id location"]);
  });

  test("durations are as in the configuration", () => {
    expect(secondsOf("1m30s")).toBe(90);
    expect(secondsOf("1.5s")).toBe(1.5);
    expect(["2s", "0", 0, 2.5, "24h"].every(isDuration)).toBe(true);
    expect(["2", "", "-1s", -1, "25h", "1m 30s", null, {}].some(isDuration)).toBe(false);
  });
});
