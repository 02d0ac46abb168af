import { describe, expect, test } from "vitest";
import { Failure } from "../api/client";
import { idOf, type Collection, type Feature } from "../lib/geometry";
import { draftOf, newItem, removeItem, replaceFeature, setId, setProperty, type Draft } from "./draft";
import { isDirty, reduce, start, type Editor } from "./editor";
import { merge } from "./merge";
import { faultsOf } from "./server";

const zone = (id: string, properties: Record<string, unknown> = {}): Feature =>
  ({ type: "Feature", id, properties: { location_id: 1, name: id, ...properties }, geometry: { type: "Polygon", coordinates: [[[0, 0], [9, 0], [9, 9], [0, 0]]] } });
const of = (...features: Feature[]): Collection => ({ type: "FeatureCollection", features });
const edit = (d: Draft, id: string, name: string, value: unknown) => replaceFeature(d, `was ${id}`, setProperty(d.find((i) => i.key === `was ${id}`)!.feature, name, value));
const names = (d: Draft) => d.map((i) => i.feature.properties!.name);

describe("merge", () => {
  const base = draftOf(of(zone("a"), zone("b"), zone("c")));

  test("each side's changes are in, of the same zone as well", () => {
    const mine = edit(base, "a", "capacity", 5), theirs = edit(edit(base, "a", "name", "Their"), "b", "kind", "x");
    const { draft, clashes } = merge(base, mine, theirs);
    expect(draft[0]!.feature.properties).toEqual({ location_id: 1, name: "Their", capacity: 5 });
    expect(draft[1]!.feature.properties!.kind).toBe("x");
    expect(clashes).toEqual([]);
  });

  test("what both changed is mine, and is told", () => {
    const { draft, clashes } = merge(base, edit(base, "a", "name", "M"), edit(base, "a", "name", "T"));
    expect(names(draft)).toEqual(["M", "b", "c"]);
    expect(clashes).toEqual([{ key: "was a", what: ["name"] }]);
    expect(merge(base, edit(base, "a", "name", "S"), edit(base, "a", "name", "S")).clashes).toEqual([]);
  });

  test("what one deleted is gone, but what the other changed meanwhile stays", () => {
    const less = removeItem(base, "was b");
    expect(names(merge(base, less, base).draft)).toEqual(["a", "c"]);
    expect(names(merge(base, base, less).draft)).toEqual(["a", "c"]);
    const told = [{ key: "was b", what: ["deleted"] }];
    expect(merge(base, less, edit(base, "b", "name", "T"))).toMatchObject({ clashes: told });
    expect(names(merge(base, less, edit(base, "b", "name", "T")).draft)).toEqual(["a", "T", "c"]);
    expect(merge(base, edit(base, "b", "name", "M"), less)).toMatchObject({ clashes: told });
  });

  test("new ones of both are there; a taken away property stays away", () => {
    const made = newItem(base, 1, "zone", [[0, 0], [1, 0], [1, 1]], "New");
    const theirs = draftOf(of(...base.map((i) => i.feature), zone("d")));
    const { draft } = merge(base, edit([...base, made], "a", "name", undefined), theirs);
    expect(draft.map((i) => idOf(i.feature))).toEqual(["a", "b", "c", "d", "zone-1"]);
    expect(draft[0]!.feature.properties).toEqual({ location_id: 1 });
  });
});

describe("editor", () => {
  const first = of(zone("a"), zone("b"));
  const changed = () => reduce(start(first, "1"), { do: "change", draft: edit(start(first, "1").history.now, "a", "name", "Mine") });
  const others: Collection = of(zone("a"), zone("b", { name: "Theirs" }), zone("c"));
  const heard = (e: Editor) => reduce(e, { do: "server", collection: others, tag: "2" });

  test("others' zones are taken at once where nothing was changed here", () => {
    const e = heard(start(first, "1"));
    expect([e.base.tag, e.theirs, names(e.history.now)]).toEqual(["2", null, ["a", "Theirs", "c"]]);
  });

  test("a draft stays while others save, and can be put on top of theirs", () => {
    let e = heard(changed());
    expect([e.base.tag, names(e.history.now), e.theirs?.tag]).toEqual(["1", ["Mine", "b"], "2"]);
    e = reduce(e, { do: "rebase" });
    expect([e.base.tag, names(e.history.now), e.theirs]).toEqual(["2", ["Mine", "Theirs", "c"], null]);
    e = reduce(e, { do: "undo" });
    expect(names(e.history.now), "undoing does not undo what they saved").toEqual(["a", "Theirs", "c"]);
    expect(isDirty(e)).toBe(false);
  });

  test("taking theirs can be undone, which brings mine back on top of theirs", () => {
    let e = reduce(heard(changed()), { do: "reload" });
    expect([isDirty(e), names(e.history.now)]).toEqual([false, ["a", "Theirs", "c"]]);
    e = reduce(e, { do: "undo" });
    expect(names(e.history.now)).toEqual(["Mine", "Theirs", "c"]);
  });

  test("discarding can be undone", () => {
    const e = reduce(changed(), { do: "discard" });
    expect(isDirty(e)).toBe(false);
    expect(names(reduce(e, { do: "undo" }).history.now)).toEqual(["Mine", "b"]);
  });

  test("after saving nothing is unsaved, and what was changed meanwhile is", () => {
    const e = changed();
    const sent = replaceFeature(e.history.now, "was b", setId(e.history.now[1]!.feature, "bee"));
    const sending = reduce(e, { do: "change", draft: sent, select: "was b" });
    const answer = of(...sent.map((i) => i.feature));
    const done = reduce(sending, { do: "saved", sent, collection: answer, tag: "3" });
    expect([isDirty(done), done.selected]).toEqual([false, "was bee"]);
    const later = reduce(sending, { do: "change", draft: edit(sent, "a", "name", "Later") });
    const still = reduce(later, { do: "saved", sent, collection: answer, tag: "3" });
    expect([isDirty(still), names(still.history.now)]).toEqual([true, ["Later", "b"]]);
  });
});

test("the server's faults are told at the feature and field", () => {
  const sent = draftOf(of(zone("a"), zone("b")));
  const failure = new Failure(422, "2 faults", [
    { message: '"capacity" must be an integer', location: "body.features[1]" }, { message: "the id is empty", location: "body.features[0]" },
    { message: "the outer ring crosses itself", location: "body.features[0]" }, { message: "too many", location: "body" },
  ]);
  expect(faultsOf(failure, sent).map((f) => [f.key, f.field])).toEqual([["was b", "capacity"], ["was a", "id"], ["was a", "geometry"], [null, ""]]);
});
