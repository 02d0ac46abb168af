import { describe, expect, it } from "vitest";
import type L from "leaflet";
import { eachDot } from "./dots";
import { fadeMs, Positions } from "./positions";

// half a pixel a centimetre, the origin 10 to the right and 200 down
const map = { getZoom: () => -1, latLngToContainerPoint: () => ({ x: 10, y: 200 }) } as unknown as L.Map;
const place = (person: number, x: number, y: number) => JSON.stringify({ type: "realtime_person_position", location_id: 1, person_id: person, position: { x, y } });
const lose = (person: number) => JSON.stringify({ type: "realtime_person_lost", location_id: 1, person_id: person });

function dots(positions: Positions, now: number) {
  const all: number[][] = [];
  eachDot(map, positions, now, (...dot) => all.push(dot));
  return all;
}

describe("eachDot", () => {
  it("puts y upwards", () => {
    const p = new Positions(1, "");
    p.take(place(1, 100, 50), 0);
    p.take(place(2, 0, 0), 0);
    expect(dots(p, 1000)).toEqual([[60, 175, 1], [10, 200, 1]]);
  });

  it("fades in who appears and out who is lost, and tells of nobody who is gone", () => {
    const p = new Positions(1, "");
    p.take(place(1, 0, 0), 0);
    expect(dots(p, 100)[0]![2]).toBeCloseTo(0.25);
    p.take(lose(1), 1000);
    expect(dots(p, 1000 + fadeMs / 2)[0]![2]).toBeCloseTo(0.5);
    expect(dots(p, 1000 + fadeMs)).toEqual([]);
  });
});
