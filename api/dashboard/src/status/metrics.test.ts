import { expect, it } from "vitest";
import { parse, sum } from "./metrics";

const text = `# HELP x Something
# TYPE x counter
x{feed="0 ws://a",kind="p\\"q"} 2
x{feed="1 ws://b",kind="r"} 3.5e1
y 7
`;

it("reads the text format, its labels and escapes", () => {
  const all = parse(text);
  expect(all.get("x")).toEqual([{ labels: { feed: "0 ws://a", kind: 'p"q' }, value: 2 }, { labels: { feed: "1 ws://b", kind: "r" }, value: 35 }]);
  expect(sum(all, "x")).toBe(37);
  expect(sum(all, "x", { kind: "r" })).toBe(35);
  expect(sum(all, "y")).toBe(7);
});

it("tells what there is not from a zero", () => {
  expect(sum(parse(text), "z")).toBeNull();
  expect(sum(parse(text), "x", { kind: "none" })).toBeNull();
  expect(sum(undefined, "x")).toBeNull();
});
