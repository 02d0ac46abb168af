import { area, polygons, type Feature, type Point } from "../lib/geometry";
import { polygonIssue } from "./validity";

/** typed is a square, or a line, in the middle of the floor: to be moved by its numbers. */
export function typed(points: Point[], shape: "zone" | "line"): Point[] {
  const middle = (axis: 0 | 1) => {
    const all = points.map((p) => p[axis]);
    return all.length ? Math.round((Math.min(...all) + Math.max(...all)) / 2) : 0;
  };
  const x = middle(0), y = middle(1);
  return shape === "line" ? [[x - 100, y], [x + 100, y]] : [[x - 100, y - 100], [x + 100, y - 100], [x + 100, y + 100], [x - 100, y + 100]];
}

/** typedHole is a square a tenth of the zone wide, at a place where it fits. */
export function typedHole(f: Feature): Point[] {
  const outer = polygons(f)[0]?.[0] ?? [];
  const size = Math.max(10, Math.round(Math.sqrt(area(outer)) / 20));
  for (let tries = 1; tries < 400; tries++) {
    const xs = outer.map((p) => p[0]), ys = outer.map((p) => p[1]);
    const x = Math.round(Math.min(...xs) + (Math.max(...xs) - Math.min(...xs)) * ((tries * 0.618 + 0.382) % 1));
    const y = Math.round(Math.min(...ys) + (Math.max(...ys) - Math.min(...ys)) * ((tries * 0.414 + 0.086) % 1));
    const hole: Point[] = [[x - size, y - size], [x + size, y - size], [x + size, y + size], [x - size, y + size]];
    if (!polygonIssue([...polygons(f)[0]!, [...hole, hole[0]!]])) return hole;
  }
  return [[0, 0], [size, 0], [size, size], [0, size]];
}
