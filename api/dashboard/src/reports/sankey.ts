export interface Flow { from: string; to: string; count: number }
export interface Node { id: string; side: "from" | "to"; y: number; height: number; count: number }
export interface Ribbon extends Flow { y0: number; y1: number; height: number }

/** layout puts the zones left from which people came and right to which they went: flows
 *  go both ways between zones, so a diagram in layers would have loops. Each node has at
 *  least so much room, for its name. */
export function layout(flows: Flow[], height: number, gap = 6, least = 18): { nodes: Node[]; ribbons: Ribbon[] } {
  const total = flows.reduce((sum, f) => sum + f.count, 0);
  if (!total) return { nodes: [], ribbons: [] };
  const sum = (side: "from" | "to") => {
    const by = new Map<string, number>();
    for (const f of flows) by.set(f[side], (by.get(f[side]) ?? 0) + f.count);
    return [...by].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  };
  const sides = { from: sum("from"), to: sum("to") };
  const room = (count: number, scale: number) => Math.max(count * scale, least);
  const used = (side: [string, number][], scale: number) => side.reduce((all, [, count]) => all + room(count, scale) + gap, -gap);
  let scale = 0;
  for (let step = height / total; step > 1e-6 * (height / total); step /= 2) {
    if (used(sides.from, scale + step) <= height && used(sides.to, scale + step) <= height) scale += step;
  }
  const nodes: Node[] = [];
  for (const side of ["from", "to"] as const) {
    let y = (height - used(sides[side], scale)) / 2;
    for (const [id, count] of sides[side]) {
      nodes.push({ id, side, y: y + (room(count, scale) - count * scale) / 2, height: count * scale, count });
      y += room(count, scale) + gap;
    }
  }
  const at = new Map(nodes.map((n) => [n.side + n.id, n.y]));
  const order = (side: "from" | "to") => new Map(sides[side].map(([id], i) => [id, i]));
  const right = order("to"), left = order("from");
  const ribbons = flows.filter((f) => f.count > 0).map((f): Ribbon => ({ ...f, y0: 0, y1: 0, height: f.count * scale }));
  const place = (side: "from" | "to", other: "from" | "to", rank: Map<string, number>, member: "y0" | "y1") => {
    for (const r of [...ribbons].sort((a, b) => rank.get(a[other])! - rank.get(b[other])!)) {
      const y = at.get(side + r[side])!;
      r[member] = y;
      at.set(side + r[side], y + r.height);
    }
  };
  place("from", "to", right, "y0");
  place("to", "from", left, "y1");
  return { nodes, ribbons };
}
