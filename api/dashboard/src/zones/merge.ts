import type { Feature } from "../lib/geometry";
import { equal, type Draft, type Item } from "./draft";

/** Clash is a feature that both changed: what of it, and that mine was kept. */
export interface Clash { key: string; what: string[] }
export interface Merged { draft: Draft; clashes: Clash[] }

/** merge puts what I changed since base on top of theirs. Nobody's change is lost but
 *  where both changed the same thing; there mine stays, and the clash says so. What one
 *  deleted and the other changed stays. */
export function merge(base: Draft, mine: Draft, theirs: Draft): Merged {
  const was = new Map(base.map((i) => [i.key, i.feature]));
  const own = new Map(mine.map((i) => [i.key, i.feature]));
  const clashes: Clash[] = [];
  const draft: Draft = [];
  for (const { key, feature: their } of theirs) {
    const old = was.get(key), my = own.get(key);
    if (!my) {
      if (!old) draft.push({ key, feature: their });
      else if (!equal(old, their)) {
        draft.push({ key, feature: their });
        clashes.push({ key, what: ["deleted"] });
      }
      continue;
    }
    const { feature, what } = both(old, my, their);
    draft.push({ key, feature });
    if (what.length) clashes.push({ key, what });
  }
  draft.push(...rest(base, mine, theirs, clashes));
  return { draft, clashes };
}

/** rest are mine that they do not have: new ones, and those that they deleted while I changed them. */
function rest(base: Draft, mine: Draft, theirs: Draft, clashes: Clash[]): Item[] {
  const was = new Map(base.map((i) => [i.key, i.feature]));
  const there = new Set(theirs.map((i) => i.key));
  return mine.filter(({ key, feature }) => {
    if (there.has(key)) return false;
    const old = was.get(key);
    if (!old) return true;
    if (equal(old, feature)) return false;
    clashes.push({ key, what: ["deleted"] });
    return true;
  });
}

function both(old: Feature | undefined, mine: Feature, theirs: Feature): { feature: Feature; what: string[] } {
  const what: string[] = [];
  const pick = (name: string, o: unknown, m: unknown, t: unknown): unknown => {
    if (equal(m, t) || equal(o, m)) return t;
    if (!equal(o, t)) what.push(name);
    return m;
  };
  const members = (f: Feature | undefined) => (f ?? {}) as Record<string, unknown>;
  const join = (o: Record<string, unknown>, m: Record<string, unknown>, t: Record<string, unknown>, leave: string[]) => {
    const out: Record<string, unknown> = {};
    for (const name of new Set([...Object.keys(t), ...Object.keys(m)])) {
      if (leave.includes(name)) continue;
      const value = pick(name, o[name], m[name], t[name]);
      if (value !== undefined) out[name] = value;
    }
    return out;
  };
  const feature = join(members(old), members(mine), members(theirs), ["properties"]);
  feature.properties = join(old?.properties ?? {}, mine.properties ?? {}, theirs.properties ?? {}, []);
  return { feature: feature as unknown as Feature, what };
}
