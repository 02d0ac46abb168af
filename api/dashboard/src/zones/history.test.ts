import { expect, test } from "vitest";
import { begin, mapHistory, push, redo, undo } from "./history";

test("steps are undone and done again, and a new step ends what could be done again", () => {
  let h = push(push(begin("a"), "b"), "c");
  h = undo(h);
  expect(h.now).toBe("b");
  expect(redo(h).now).toBe("c");
  h = push(h, "d");
  expect(redo(h).now).toBe("d");
  expect(undo(undo(undo(h))).now).toBe("a");
});

test("steps with the same tag are one, until something is undone", () => {
  let h = push(push(push(begin("")," P", "name"), "Pr", "name"), "Pro", "name");
  expect(h.past).toEqual([""]);
  h = push(undo(h), "x", "name");
  expect(undo(h).now).toBe("");
});

test("mapHistory changes every state", () => {
  const h = mapHistory(undo(push(begin(1), 2)), (n) => n * 10);
  expect([h.past, h.now, h.future]).toEqual([[], 10, [20]]);
});
