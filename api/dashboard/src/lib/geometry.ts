export type Point = [number, number];
export type Ring = Point[];

export interface Feature {
  type: "Feature";
  id?: string | number;
  properties: Record<string, unknown> | null;
  geometry:
    | { type: "Polygon"; coordinates: Ring[] }
    | { type: "MultiPolygon"; coordinates: Ring[][] }
    | { type: "LineString"; coordinates: Point[] };
}

export interface Collection { type: "FeatureCollection"; features: Feature[] }

export function idOf(f: Feature): string {
  return String(f.id ?? f.properties?.id ?? "");
}

export function nameOf(f: Feature): string {
  const name = f.properties?.name;
  return typeof name === "string" && name ? name : idOf(f);
}

export const isLine = (f: Feature) => f.geometry.type === "LineString";

/** polygons are a zone's parts, each an outer ring and its holes. */
export function polygons(f: Feature): Ring[][] {
  switch (f.geometry.type) {
    case "Polygon": return [f.geometry.coordinates];
    case "MultiPolygon": return f.geometry.coordinates;
    case "LineString": return [];
  }
}

export function points(f: Feature): Point[] {
  return f.geometry.type === "LineString" ? f.geometry.coordinates : polygons(f).flat(2);
}

export interface Box { minX: number; minY: number; maxX: number; maxY: number }

export function boxOf(all: Iterable<Point>): Box | null {
  let box: Box | null = null;
  for (const [x, y] of all) {
    box ??= { minX: x, minY: y, maxX: x, maxY: y };
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  }
  return box;
}

/** area of a ring in cm², by the shoelace formula. */
export function area(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [x1, y1] = ring[i]!;
    const [x2, y2] = ring[(i + 1) % ring.length]!;
    sum += x1 * y2 - x2 * y1;
  }
  return Math.abs(sum) / 2;
}

function inside([x, y]: Point, rings: Ring[]): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!;
      const [xj, yj] = ring[j]!;
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

function distance([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const dx = x2 - x1, dy = y2 - y1;
  const t = dx || dy ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

/** labelPoint lies well inside the largest part: the best of a grid by its distance to the edges. */
export function labelPoint(f: Feature): Point {
  const parts = polygons(f);
  if (!parts.length) {
    const line = points(f);
    const a = line[Math.floor((line.length - 1) / 2)]!, b = line[Math.ceil((line.length - 1) / 2)] ?? a;
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  }
  const rings = parts.reduce((a, b) => (area(b[0]!) > area(a[0]!) ? b : a));
  const box = boxOf(rings[0]!)!;
  const centre: Point = [(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2];
  let best = centre, most = -1;
  for (let i = 1; i < 24; i++) {
    for (let j = 1; j < 24; j++) {
      const p: Point = [box.minX + ((box.maxX - box.minX) * i) / 24, box.minY + ((box.maxY - box.minY) * j) / 24];
      if (!inside(p, rings)) continue;
      let near = Infinity;
      for (const ring of rings) for (let k = 0; k < ring.length; k++) near = Math.min(near, distance(p, ring[k]!, ring[(k + 1) % ring.length]!));
      near -= Math.hypot(p[0] - centre[0], p[1] - centre[1]) * 0.05;
      if (near > most) [best, most] = [p, near];
    }
  }
  return best;
}

function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** selfCrosses reports whether two edges of a ring that are no neighbours meet. */
export function selfCrosses(ring: Ring): boolean {
  const n = ring.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      if (crosses(ring[i]!, ring[(i + 1) % n]!, ring[j]!, ring[(j + 1) % n]!)) return true;
    }
  }
  return false;
}

export { inside };
