import { describe, expect, test } from "vitest";
import { fadeMs, moved, place, Positions } from "./positions";

const position = (id: string, x: number, y: number, location = 1, key = "type") =>
  `{"${key}":"realtime_person_position","location_id":${location},"person_id":${id},"position":{"x":${x},"y":${y}}}`;
const lost = (id: string) => `{"type":"realtime_person_lost","location_id":1,"person_id":${id}}`;

describe("people", () => {
  test("come with their first position, and go a while after they are lost", () => {
    const p = new Positions(1, "");
    p.take(position("5", 10, 20), 0);
    p.take(position("6", 30, 40), 0);
    expect(p.present).toBe(2);
    p.take(lost("5"), 100);
    expect(p.present).toBe(1);
    p.sweep(100 + fadeMs);
    expect(p.dots.size).toBe(2);
    p.sweep(101 + fadeMs);
    expect([...p.dots.keys()]).toEqual(["6"]);
  });

  test("of other locations are not ours", () => {
    const p = new Positions(1, "");
    p.take(position("5", 10, 20, 2), 0);
    expect(p.dots.size).toBe(0);
  });

  test("are told apart by all 64 bits of their ids", () => {
    const p = new Positions(1, "");
    p.take(position("9007199254740993", 0, 0), 0);
    p.take(position("9007199254740992", 0, 0), 0);
    p.take(position("-5", 0, 0), 0);
    expect([...p.dots.keys()]).toEqual(["9007199254740993", "9007199254740992", "-5"]);
  });

  test("may be told of under either name of the type", () => {
    const p = new Positions(1, "");
    p.take(position("5", 0, 0, 1, "message_type"), 0);
    expect(p.present).toBe(1);
  });

  test("who are lost and nobody we know do no harm", () => {
    const p = new Positions(1, "");
    p.take(lost("5"), 0);
    expect(p.dots.size).toBe(0);
  });
});

test("a registration is what the server says it is", () => {
  const p = new Positions(1, "");
  p.take('{"type":"realtime_register","result":"success"}', 0);
  expect(p.connected).toBe(true);
  p.take('{"type":"realtime_register","result":"error"}', 0);
  expect(p.connected).toBe(false);
});

describe("dots", () => {
  test("walk from where they are drawn to the last sample, and stay there", () => {
    const dot = moved(undefined, 0, 0, 0);
    moved(dot, 100, 50, 100);
    expect(place(dot, 100)).toEqual([0, 0]);
    expect(place(dot, 100 + dot.span / 2)).toEqual([50, 25]);
    expect(place(dot, 100 + dot.span)).toEqual([100, 50]);
    expect(place(dot, 60_000)).toEqual([100, 50]);
  });

  test("never jump when a sample comes early", () => {
    const dot = moved(undefined, 0, 0, 0);
    moved(dot, 100, 0, 100);
    const before = place(dot, 130);
    moved(dot, 200, 0, 130);
    expect(place(dot, 130)).toEqual(before);
  });

  test("take as long as samples are apart", () => {
    let dot = moved(undefined, 0, 0, 0);
    for (let at = 200; at < 8000; at += 200) dot = moved(dot, at, 0, at);
    expect(dot.span).toBeCloseTo(200, 0);
  });

  test("of who comes back after a loss begin anew", () => {
    const dot = moved(undefined, 0, 0, 0);
    dot.lost = 100;
    expect(moved(dot, 500, 500, 200)).toMatchObject({ fromX: 500, fromY: 500, born: 200, lost: 0 });
  });
});
