/** History is what can be undone and done again. */
export interface History<T> { past: T[]; now: T; future: T[]; tag: string }

const most = 200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], tag: "" });

/** push is a step. Steps with the same tag, such as the letters of a name, are one. */
export function push<T>(h: History<T>, now: T, tag = ""): History<T> {
  if (now === h.now) return h;
  if (tag && tag === h.tag) return { ...h, now, future: [] };
  return { past: [...h.past, h.now].slice(-most), now, future: [], tag };
}

export function undo<T>(h: History<T>): History<T> {
  const before = h.past.at(-1);
  return before === undefined ? h : { past: h.past.slice(0, -1), now: before, future: [h.now, ...h.future], tag: "" };
}

export function redo<T>(h: History<T>): History<T> {
  const [next, ...future] = h.future;
  return next === undefined ? h : { past: [...h.past, h.now], now: next, future, tag: "" };
}

/** mapHistory changes every state alike, those that can be come back to as well. */
export function mapHistory<T>(h: History<T>, change: (state: T) => T): History<T> {
  return { past: h.past.map(change), now: change(h.now), future: h.future.map(change), tag: "" };
}
