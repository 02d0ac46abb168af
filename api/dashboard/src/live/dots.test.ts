import { describe, expect, it } from "vitest";
import type L from "leaflet";
import { drawDots } from "./dots";
import { fadeMs, Positions } from "./positions";

/** paper notes what is drawn on it. */
function paper() {
  const arcs: { x: number; y: number; r: number; alpha: number }[] = [];
  const context = {
    globalAlpha: 1, fillStyle: "", strokeStyle: "", lineWidth: 1, fills: 0,
    beginPath() {}, moveTo() {}, stroke() {}, fill() { this.fills++; },
    arc(x: number, y: number, r: number) { arcs.push({ x, y, r, alpha: this.globalAlpha }); },
  };
  return { arcs, context };
}

// half a pixel a centimetre, the origin 10 to the right and 200 down
const map = { getZoom: () => -1, latLngToContainerPoint: () => ({ x: 10, y: 200 }) } as unknown as L.Map;
const ink = { dot: "black", halo: "white" };

const place = (person: number, x: number, y: number) => JSON.stringify({ type: "realtime_person_position", location_id: 1, person_id: person, position: { x, y } });
const lose = (person: number) => JSON.stringify({ type: "realtime_person_lost", location_id: 1, person_id: person });

function draw(positions: Positions, now: number) {
  const { arcs, context } = paper();
  drawDots(map, context as unknown as CanvasRenderingContext2D, positions, now, ink);
  expect(context.globalAlpha).toBe(1);
  return { arcs, fills: context.fills };
}

describe("drawDots", () => {
  it("puts y upwards, and everybody who is there into one path", () => {
    const p = new Positions(1, "");
    p.take(place(1, 100, 50), 0);
    p.take(place(2, 0, 0), 0);
    const { arcs, fills } = draw(p, 1000);
    expect(arcs.map(({ x, y, alpha }) => [x, y, alpha])).toEqual([[60, 175, 1], [10, 200, 1]]);
    expect(fills).toBe(1);
  });

  it("fades in who appears and out who is lost, and draws nobody who is gone", () => {
    const p = new Positions(1, "");
    p.take(place(1, 0, 0), 0);
    expect(draw(p, 100).arcs[0]!.alpha).toBeCloseTo(0.25);
    p.take(lose(1), 1000);
    expect(draw(p, 1000 + fadeMs / 2).arcs[0]!.alpha).toBeCloseTo(0.5);
    expect(draw(p, 1000 + fadeMs).arcs).toEqual([]);
  });
});
