import { describe, expect, test } from "vitest";
import { layout, type Flow } from "./sankey";

const flows: Flow[] = [
  { from: "door", to: "shop", count: 50 }, { from: "shop", to: "till", count: 30 }, { from: "shop", to: "door", count: 15 },
  { from: "till", to: "door", count: 28 }, { from: "door", to: "till", count: 2 }, { from: "till", to: "shop", count: 0 },
];
const { nodes, ribbons } = layout(flows, 400);

describe("nodes", () => {
  test("are each zone once a side, as high as its people, largest first", () => {
    const right = nodes.filter((n) => n.side === "to");
    expect(right.map((n) => [n.id, n.count])).toEqual([["shop", 50], ["door", 43], ["till", 32]]);
    const scale = right[0]!.height / 50;
    for (const n of nodes) expect(n.height).toBeCloseTo(n.count * scale);
  });

  test("have room for their names, however few went there", () => {
    const few = layout([...flows, ...["a", "b", "c"].map((to): Flow => ({ from: "door", to, count: 1 }))], 400).nodes.filter((n) => n.side === "to");
    for (let i = 1; i < few.length; i++) expect(few[i]!.y + few[i]!.height / 2 - few[i - 1]!.y - few[i - 1]!.height / 2).toBeGreaterThanOrEqual(24 - 1e-6);
  });

  test("do not overlap, and fit", () => {
    for (const side of ["from", "to"]) {
      let end = 0;
      for (const n of nodes.filter((n) => n.side === side)) {
        expect(n.y).toBeGreaterThanOrEqual(end - 1e-9);
        end = n.y + n.height;
      }
      expect(end).toBeLessThanOrEqual(400 + 1e-9);
    }
  });
});

describe("ribbons", () => {
  test("are the flows that anybody took", () => {
    expect(ribbons).toHaveLength(5);
    expect(ribbons.reduce((sum, r) => sum + r.count, 0)).toBe(125);
  });

  test.each(["from", "to"] as const)("fill their nodes' %s side without a gap", (side) => {
    for (const n of nodes.filter((n) => n.side === side)) {
      let at = n.y;
      for (const r of ribbons.filter((r) => r[side] === n.id).map((r) => ({ y: side === "from" ? r.y0 : r.y1, h: r.height })).sort((a, b) => a.y - b.y)) {
        expect(r.y).toBeCloseTo(at);
        at += r.h;
      }
      expect(at).toBeCloseTo(n.y + n.height);
    }
  });
});

test("nothing is made of no flows", () => {
  expect(layout([], 400)).toEqual({ nodes: [], ribbons: [] });
  expect(layout([{ from: "a", to: "b", count: 0 }], 400)).toEqual({ nodes: [], ribbons: [] });
});
