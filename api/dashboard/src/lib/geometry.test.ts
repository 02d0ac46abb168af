import { describe, expect, test } from "vitest";
import { area, boxOf, idOf, inside, isLine, labelPoint, nameOf, points, selfCrosses, type Feature, type Ring } from "./geometry";

const square: Ring = [[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]];
const hole: Ring = [[20, 20], [80, 20], [80, 80], [20, 80], [20, 20]];
const zone = (...rings: Ring[]): Feature => ({ type: "Feature", id: "z", properties: {}, geometry: { type: "Polygon", coordinates: rings } });

describe("features", () => {
  test("an id may be the feature's own or a property, and stands in for a name", () => {
    expect(idOf(zone(square))).toBe("z");
    expect(idOf({ ...zone(square), id: undefined, properties: { id: 7 } })).toBe("7");
    expect(nameOf(zone(square))).toBe("z");
    expect(nameOf({ ...zone(square), properties: { name: "Till" } })).toBe("Till");
  });

  test("points are those of every part and hole", () => {
    expect(points(zone(square, hole))).toHaveLength(10);
    const line: Feature = { type: "Feature", id: "l", properties: null, geometry: { type: "LineString", coordinates: [[0, 0], [10, 0]] } };
    expect(isLine(line)).toBe(true);
    expect(points(line)).toEqual([[0, 0], [10, 0]]);
    expect(labelPoint(line)).toEqual([5, 0]);
  });

  test("a box holds all points, and there is none of nothing", () => {
    expect(boxOf([[3, -4], [-1, 9]])).toEqual({ minX: -1, minY: -4, maxX: 3, maxY: 9 });
    expect(boxOf([])).toBeNull();
  });
});

describe("rings", () => {
  test("the area does not depend on the direction nor on a repeated last corner", () => {
    expect(area(square)).toBe(10_000);
    expect(area([...square].reverse())).toBe(10_000);
    expect(area(square.slice(0, -1))).toBe(10_000);
  });

  test("holes are outside", () => {
    expect(inside([10, 10], [square, hole])).toBe(true);
    expect(inside([50, 50], [square, hole])).toBe(false);
    expect(inside([101, 50], [square, hole])).toBe(false);
  });

  test("a bow-tie crosses itself, a square does not, however it is closed", () => {
    const bow: Ring = [[0, 0], [100, 100], [100, 0], [0, 100]];
    expect(selfCrosses(bow)).toBe(true);
    expect(selfCrosses(square.slice(0, -1))).toBe(false);
  });
});

test.each([
  ["a square", zone(square)],
  ["a square with a hole in its middle", zone(square, hole)],
  ["an L", zone([[0, 0], [100, 0], [100, 20], [20, 20], [20, 100], [0, 100], [0, 0]])],
])("the label of %s lies inside it", (_, f) => {
  expect(inside(labelPoint(f), (f.geometry as { coordinates: Ring[] }).coordinates)).toBe(true);
});

test("the label of many parts lies in the largest", () => {
  const far: Ring = [[1000, 0], [1400, 0], [1400, 400], [1000, 400], [1000, 0]];
  const f: Feature = { type: "Feature", id: "m", properties: {}, geometry: { type: "MultiPolygon", coordinates: [[square], [far]] } };
  expect(inside(labelPoint(f), [far])).toBe(true);
});
