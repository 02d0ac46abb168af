import { idOf, isLine, polygons, type Collection, type Feature, type Point, type Ring } from "../lib/geometry";

/** Item is a feature with a key that stays when its id is edited. */
export interface Item { key: string; feature: Feature }
export type Draft = Item[];

/** draftOf gives each feature the key of its id, so that two versions can be compared. */
export function draftOf(c: Collection): Draft {
  return c.features.map((feature) => ({ key: `was ${idOf(feature)}`, feature }));
}

export const collectionOf = (draft: Draft): Collection => ({ type: "FeatureCollection", features: draft.map((i) => i.feature) });

export const itemOf = (draft: Draft, key: string | null) => draft.find((i) => i.key === key);

export function replaceFeature(draft: Draft, key: string, feature: Feature): Draft {
  return draft.map((i) => (i.key === key ? { key, feature } : i));
}

export const removeItem = (draft: Draft, key: string): Draft => draft.filter((i) => i.key !== key);

/** setProperty leaves all else as it is; undefined takes the property away. */
export function setProperty(f: Feature, name: string, value: unknown): Feature {
  const properties = { ...f.properties };
  if (value === undefined) delete properties[name];
  else properties[name] = value;
  return { ...f, properties };
}

/** setId changes the id where it is: the feature's own, or its property. */
export function setId(f: Feature, id: string): Feature {
  return f.id == null && f.properties?.id != null ? setProperty(f, "id", id) : { ...f, id };
}

/** setKind takes what only queues have from what is none. */
export function setKind(f: Feature, kind: string): Feature {
  const next = setProperty(f, "kind", kind || undefined);
  return kind === "queue" ? next : setProperty(setProperty(next, "service", undefined), "wait_target", undefined);
}

export const isReversed = (f: Feature) => f.properties?.in === "right_to_left";

export const turned = (f: Feature): Feature => setProperty(f, "in", isReversed(f) ? undefined : "right_to_left");

export const isClosed = (ring: Ring) => ring.length > 1 && same(ring[0]!, ring.at(-1)!);
export const opened = (ring: Ring): Ring => (isClosed(ring) ? ring.slice(0, -1) : ring);
export const closed = (ring: Ring): Ring => (ring.length && !isClosed(ring) ? [...ring, ring[0]!] : ring);

const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];

/** Path is a row of corners to edit: a line, or one ring of a zone, without the repeated last corner. */
export interface Path { part: number; ring: number; corners: Point[] }

export function pathsOf(f: Feature): Path[] {
  if (f.geometry.type === "LineString") return [{ part: 0, ring: 0, corners: f.geometry.coordinates }];
  return polygons(f).flatMap((rings, part) => rings.map((corners, ring) => ({ part, ring, corners: opened(corners) })));
}

/** setPath gives a path other corners; none take a hole or a part away. */
export function setPath(f: Feature, part: number, ring: number, corners: Point[]): Feature {
  if (f.geometry.type === "LineString") return { ...f, geometry: { ...f.geometry, coordinates: corners } };
  const parts = polygons(f).map((rings, p) => (p === part ? rings.map((r, i) => (i === ring ? closed(corners) : r)) : rings));
  if (!corners.length) {
    if (ring === 0) parts.splice(part, 1);
    else parts[part] = parts[part]!.filter((_, i) => i !== ring);
  }
  return withParts(f, parts);
}

export function withParts(f: Feature, parts: Ring[][]): Feature {
  if (f.geometry.type === "Polygon" && parts.length === 1) return { ...f, geometry: { ...f.geometry, coordinates: parts[0]! } };
  return { ...f, geometry: { ...f.geometry, type: "MultiPolygon", coordinates: parts } as Feature["geometry"] };
}

/** cutHole adds a hole to the part that it begins in, the first if it begins in none. */
export function cutHole(f: Feature, hole: Ring, partAt: (rings: Ring[]) => boolean): Feature {
  const parts = polygons(f);
  const part = Math.max(parts.findIndex(partAt), 0);
  return withParts(f, parts.map((rings, i) => (i === part ? [...rings, closed(hole)] : rings)));
}

/** rounded is to whole millimetres, which is finer than any sensor. */
export const rounded = ([x, y]: Point): Point => [Math.round(x * 10) / 10, Math.round(y * 10) / 10];

export type Positions = Map<string, Point>;

/** positionsOf are all corners of a draft, with whatever else their positions have. */
export function positionsOf(draft: Draft): Positions {
  return new Map(draft.flatMap((i) => pathsOf(i.feature)).flatMap((p) => p.corners).map((c) => [`${c[0]} ${c[1]}`, c]));
}

/** settled is a drawn corner: exactly the known one that it is at, or was snapped to, else rounded. */
export const settled = (p: Point, known: Positions): Point => known.get(`${p[0]} ${p[1]}`) ?? rounded(p);

let made = 0;

/** newItem has an id of its own and the location's number. */
export function newItem(draft: Draft, location: number, shape: "zone" | "line", corners: Point[], name: string): Item {
  const taken = new Set(draft.map((i) => idOf(i.feature)));
  let n = 1;
  while (taken.has(`${shape}-${n}`)) n++;
  const geometry: Feature["geometry"] = shape === "line"
    ? { type: "LineString", coordinates: corners } : { type: "Polygon", coordinates: [closed(corners)] };
  made++;
  return { key: `new ${made}`, feature: { type: "Feature", id: `${shape}-${n}`, properties: { name: `${name} ${n}`, location_id: location }, geometry } };
}

export type Change = "added" | "removed" | "changed";

const text = (v: unknown) => JSON.stringify(sorted(v));

function sorted(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(sorted);
  if (typeof v !== "object" || !v) return v;
  return Object.fromEntries(Object.entries(v).filter(([, x]) => x !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, x]) => [k, sorted(x)]));
}

export const equal = (a: unknown, b: unknown) => a === b || text(a) === text(b);

/** changesOf tells what became of each feature, by its key. */
export function changesOf(before: Draft, after: Draft): Map<string, Change> {
  const all = new Map<string, Change>();
  const was = new Map(before.map((i) => [i.key, i.feature]));
  const is = new Set(after.map((i) => i.key));
  for (const { key, feature } of after) {
    const old = was.get(key);
    if (!old) all.set(key, "added");
    else if (!equal(old, feature)) all.set(key, "changed");
  }
  for (const { key } of before) if (!is.has(key)) all.set(key, "removed");
  return all;
}

export const kindOf = (f: Feature) => (isLine(f) ? "line" : "zone");
