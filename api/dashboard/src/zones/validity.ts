import { area, idOf, inside, isLine, polygons, type Feature, type Point, type Ring } from "../lib/geometry";
import { opened, type Draft } from "./draft";

export type Reason =
  | "id.missing" | "id.taken" | "id.reserved" | "id.long" | "id.control" | "name" | "location" | "capacity" | "duration" | "service.missing" | "service.self" | "service.unknown" | "service.plain"
  | "cross" | "small" | "hole.outside" | "hole.overlap" | "parts" | "line.short" | "number";

/** Issue is one thing wrong, at a field or at the shape. */
export interface Issue { field: string; reason: Reason; warning?: boolean }

const most = 1e8;

/** issuesOf is all that is wrong with a draft, by the keys of its features. */
export function issuesOf(draft: Draft, location: number): Map<string, Issue[]> {
  const ids = new Map<string, number>();
  for (const { feature } of draft) ids.set(idOf(feature), (ids.get(idOf(feature)) ?? 0) + 1);
  const zones = new Set(draft.filter((i) => !isLine(i.feature)).map((i) => idOf(i.feature)));
  const all = new Map<string, Issue[]>();
  for (const { key, feature } of draft) {
    const issues = [...idIssues(idOf(feature), ids), ...propertyIssues(feature, location, zones), ...shapeIssues(feature)];
    if (issues.length) all.set(key, issues);
  }
  return all;
}

function idIssues(id: string, ids: Map<string, number>): Issue[] {
  const field = "id";
  if (!id) return [{ field, reason: "id.missing" }];
  if (id === "location") return [{ field, reason: "id.reserved" }];
  if (new TextEncoder().encode(id).length > 128) return [{ field, reason: "id.long" }];
  if (/\p{Cc}/u.test(id)) return [{ field, reason: "id.control" }];
  return ids.get(id)! > 1 ? [{ field, reason: "id.taken" }] : [];
}

function propertyIssues(f: Feature, location: number, zones: Set<string>): Issue[] {
  const p = f.properties ?? {};
  const issues: Issue[] = [];
  if (p.location_id !== location) issues.push({ field: "location_id", reason: "location" });
  if (p.name != null && typeof p.name !== "string") issues.push({ field: "name", reason: "name" });
  if (p.capacity != null && !isLine(f) && !(Number.isInteger(p.capacity) && Number(p.capacity) >= 1 && Number(p.capacity) <= 2147483647)) issues.push({ field: "capacity", reason: "capacity" });
  for (const field of isLine(f) ? ["enter_after"] : ["enter_after", "exit_after", "wait_target"]) {
    if (p[field] != null && !isDuration(p[field])) issues.push({ field, reason: "duration" });
  }
  if (!isLine(f)) issues.push(...serviceIssues(f, zones));
  return issues;
}

function serviceIssues(f: Feature, zones: Set<string>): Issue[] {
  const p = f.properties ?? {};
  const field = "service", service = p.service == null ? "" : String(p.service);
  if (p.kind !== "queue") return p.service == null ? [] : [{ field, reason: "service.plain" }];
  if (!service) return [{ field, reason: "service.missing", warning: true }];
  if (service === idOf(f)) return [{ field, reason: "service.self" }];
  return zones.has(service) ? [] : [{ field, reason: "service.unknown" }];
}

const units: Record<string, number> = { ns: 1e-9, us: 1e-6, "µs": 1e-6, "μs": 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** secondsOf reads "2s", "1m30s" or a number of seconds; NaN where it is none. */
export function secondsOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return NaN;
  if (/^[+-]?0$/.test(value)) return 0;
  if (!/^[+]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(value)) return NaN;
  return [...value.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
}

export function isDuration(value: unknown): boolean {
  const s = secondsOf(value);
  return s >= 0 && s <= 24 * 3600;
}

export function shapeIssues(f: Feature): Issue[] {
  const at = (reason: Reason): Issue[] => [{ field: "geometry", reason }];
  if (f.geometry.type === "LineString") {
    if (!f.geometry.coordinates.every(isPoint)) return at("number");
    return lineIssue(f.geometry.coordinates) ? at("line.short") : [];
  }
  const parts = polygons(f);
  if (!parts.flat(2).every(isPoint)) return at("number");
  if (!parts.length) return at("small");
  for (const rings of parts) {
    const reason = polygonIssue(rings);
    if (reason) return at(reason);
  }
  return parts.some((a, i) => parts.slice(i + 1).some((b) => overlap(a[0]!, b[0]!))) ? at("parts") : [];
}

const isPoint = (p: Point) => p.length >= 2 && p.slice(0, 2).every((v) => typeof v === "number" && Math.abs(v) <= most);

export function lineIssue(line: Point[]): Reason | null {
  return line.some((p) => p[0] !== line[0]![0] || p[1] !== line[0]![1]) ? null : "line.short";
}

export function ringIssue(ring: Ring): Reason | null {
  const corners = opened(ring).filter((p, i, all) => i === 0 || p[0] !== all[i - 1]![0] || p[1] !== all[i - 1]![1]);
  if (corners.length < 3) return "small";
  if (meetsItself(corners)) return "cross";
  return area(corners) > 0 ? null : "small";
}

export function polygonIssue(rings: Ring[]): Reason | null {
  for (const ring of rings) {
    const reason = ringIssue(ring);
    if (reason) return reason;
  }
  const [outer, ...holes] = rings.map(opened);
  if (holes.some((h) => !within(h, outer!))) return "hole.outside";
  return holes.some((a, i) => holes.slice(i + 1).some((b) => overlap(a, b))) ? "hole.overlap" : null;
}

/** within reports whether a ring lies inside another; corners of it may touch. */
export function within(ring: Ring, outer: Ring): boolean {
  return !cut(ring, outer) && edgesOf(ring).every(([a, b]) => inOrOn(a, outer) && inOrOn(middle(a, b), outer));
}

function overlap(a: Ring, b: Ring): boolean {
  const [p, q] = [opened(a), opened(b)];
  return cut(p, q) || within(p, q) || within(q, p);
}

const cut = (a: Ring, b: Ring) => edgesOf(a).some(([p, q]) => edgesOf(b).some(([r, s]) => crossesProperly(p, q, r, s)));
const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const edgesOf = (ring: Ring) => ring.map((p, i): [Point, Point] => [p, ring[(i + 1) % ring.length]!]);
const inOrOn = (p: Point, ring: Ring) => inside(p, [ring]) || edgesOf(ring).some(([a, b]) => on(p, a, b));

const side = (a: Point, b: Point, p: Point) => Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
const on = (p: Point, a: Point, b: Point) =>
  side(a, b, p) === 0 && Math.min(a[0], b[0]) <= p[0] && p[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= p[1] && p[1] <= Math.max(a[1], b[1]);

function crossesProperly(a: Point, b: Point, c: Point, d: Point): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

const meets = (a: Point, b: Point, c: Point, d: Point) => crossesProperly(a, b, c, d) || on(a, c, d) || on(b, c, d) || on(c, a, b) || on(d, a, b);

/** meetsItself: edges that are no neighbours touch, or neighbours lie on each other. */
function meetsItself(ring: Ring): boolean {
  const n = ring.length, at = (i: number) => ring[(i + n) % n]!;
  for (let i = 0; i < n; i++) {
    if (side(at(i - 1), at(i), at(i + 1)) === 0 && (on(at(i + 1), at(i - 1), at(i)) || on(at(i - 1), at(i), at(i + 1)))) return true;
    for (let j = i + 2; j < n; j++) {
      if (!(i === 0 && j === n - 1) && meets(at(i), at(i + 1), at(j), at(j + 1))) return true;
    }
  }
  return false;
}

/** drawingIssue is of a shape that is not finished: whether its last edge meets another. */
export function drawingIssue(points: Point[]): Reason | null {
  const n = points.length;
  if (n < 4) return null;
  for (let i = 0; i < n - 3; i++) if (meets(points[i]!, points[i + 1]!, points[n - 2]!, points[n - 1]!)) return "cross";
  return null;
}
