import L from "leaflet";
import { labelPoint, points, type Feature, type Point } from "../lib/geometry";
import { at } from "./floormap";

/** normalOf points to where "in" is: from left to right of the way from first to last vertex, or turned. */
export function normalOf(f: Feature): Point {
  const all = points(f);
  const [a, b] = [all[0]!, all.at(-1)!];
  const turned = f.properties?.in === "right_to_left" ? -1 : 1;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  return [((b[1] - a[1]) / length) * turned, (-(b[0] - a[0]) / length) * turned];
}

/** drawArrow shows which way is in. */
export function drawArrow(to: L.Map | L.LayerGroup, f: Feature) {
  const normal = normalOf(f);
  const [mx, my] = labelPoint(f);
  const tip: Point = [mx + normal[0] * 55, my + normal[1] * 55];
  const wing = (side: number): Point => [tip[0] - normal[0] * 20 + side * normal[1] * 16, tip[1] - normal[1] * 20 - side * normal[0] * 16];
  L.polyline([[at([mx, my]), at(tip)], [at(wing(1)), at(tip), at(wing(-1))]], { className: "line arrow", weight: 1.6, interactive: false, pmIgnore: true }).addTo(to);
}
