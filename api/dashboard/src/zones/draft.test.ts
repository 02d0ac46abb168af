import { expect, test } from "vitest";
import type { Collection, Feature, Point, Ring } from "../lib/geometry";
import { changesOf, collectionOf, cutHole, draftOf, newItem, pathsOf, positionsOf, replaceFeature, setId, setKind, setPath, setProperty, settled, turned } from "./draft";

const ring: Ring = [[0, 0], [100, 0], [100, 100], [0, 0]];
const zone: Feature = { type: "Feature", id: "a", properties: { location_id: 1, name: "A", colour: "red", deep: { x: [1] } }, geometry: { type: "Polygon", coordinates: [ring] } };
const foreign = { ...zone, note: "kept" } as Feature;
const collection: Collection = { type: "FeatureCollection", features: [foreign] };

test("what the editor does not know is kept through every edit", () => {
  let f = setProperty(setKind(setId(foreign, "b"), "queue"), "name", "B");
  f = cutHole(setPath(f, 0, 0, [[0, 0], [200, 0], [200, 200]]), [[120, 20], [140, 20], [140, 40]], () => true);
  expect(f).toMatchObject({ note: "kept", id: "b", properties: { location_id: 1, colour: "red", deep: { x: [1] }, kind: "queue" } });
  expect(pathsOf(f).map((p) => p.corners.length)).toEqual([3, 3]);
  expect((f.geometry.coordinates as Ring[])[1]!.at(-1)).toEqual([120, 20]);
});

test("an id that is a property stays one", () => {
  const f = setId({ ...zone, id: undefined, properties: { id: 7, location_id: 1 } }, "8");
  expect(f.id).toBeUndefined();
  expect(f.properties!.id).toBe("8");
});

test("a queue that becomes a plain zone loses what only queues have", () => {
  const queue = { ...zone, properties: { kind: "queue", service: "till", wait_target: "2m", name: "Q" } };
  expect(setKind(queue, "").properties).toEqual({ name: "Q" });
});

test("a path without corners takes a hole away", () => {
  const holed = cutHole(zone, [[60, 10], [70, 10], [70, 20]], () => true);
  expect(setPath(holed, 0, 1, []).geometry).toEqual(zone.geometry);
});

test("turning a line twice leaves it as it was", () => {
  const line: Feature = { type: "Feature", id: "l", properties: { name: "L" }, geometry: { type: "LineString", coordinates: [[0, 0], [1, 0]] } };
  expect(turned(line).properties!.in).toBe("right_to_left");
  expect(turned(turned(line))).toEqual(line);
});

test("new features have ids that are free, and the location", () => {
  const draft = draftOf({ type: "FeatureCollection", features: [{ ...zone, id: "zone-1" }] });
  const made = newItem(draft, 21, "zone", [[0, 0], [1, 0], [1, 1]], "Zone");
  expect(made.feature).toMatchObject({ id: "zone-2", properties: { name: "Zone 2", location_id: 21 } });
  expect(changesOf(draft, [...draft, made])).toEqual(new Map([[made.key, "added"]]));
});

test("changes are of content: another order of properties is none, another id is one", () => {
  const draft = draftOf(collection);
  expect(collectionOf(draft)).toEqual(collection);
  const { name, ...others } = zone.properties!;
  expect(changesOf(draft, replaceFeature(draft, draft[0]!.key, { ...foreign, properties: { ...others, name } })).size).toBe(0);
  expect(changesOf(draft, replaceFeature(draft, draft[0]!.key, setId(foreign, "z")))).toEqual(new Map([[draft[0]!.key, "changed"]]));
  expect(changesOf(draft, [])).toEqual(new Map([[draft[0]!.key, "removed"]]));
});

test("a corner that was not moved, or was snapped to one, stays exactly as it is; any other is rounded", () => {
  const fine: Feature = { type: "Feature", id: "fine", properties: { location_id: 1 }, geometry: { type: "LineString", coordinates: [[0.123456, 1, 7] as unknown as Point, [9, 9]] } };
  const known = positionsOf(draftOf({ type: "FeatureCollection", features: [fine] }));
  expect(settled([0.123456, 1], known)).toEqual([0.123456, 1, 7]);
  expect(settled([0.123457, 1.26], known)).toEqual([0.1, 1.3]);
});
