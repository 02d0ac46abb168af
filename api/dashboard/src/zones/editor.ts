import type { Collection } from "../lib/geometry";
import { changesOf, draftOf, type Draft } from "./draft";
import { begin, mapHistory, push, redo, undo, type History } from "./history";
import { merge, type Clash } from "./merge";

export interface Theirs { draft: Draft; tag: string }

/** Editor is the draft, what it was made from, and what the server has meanwhile. */
export interface Editor {
  base: Theirs;
  history: History<Draft>;
  selected: string | null;
  theirs: Theirs | null; // other zones than base, saved by somebody else
  clashes: Clash[];
}

export type Action =
  | { do: "change"; draft: Draft; tag?: string; select?: string | null }
  | { do: "select"; key: string | null }
  | { do: "undo" } | { do: "redo" } | { do: "discard" } | { do: "reload" } | { do: "rebase" }
  | { do: "server"; collection: Collection; tag: string }
  | { do: "saved"; sent: Draft; collection: Collection; tag: string };

export function start(collection: Collection, tag: string): Editor {
  const draft = draftOf(collection);
  return { base: { draft, tag }, history: begin(draft), selected: null, theirs: null, clashes: [] };
}

export const isDirty = (e: Editor) => e.history.now !== e.base.draft && changesOf(e.base.draft, e.history.now).size > 0;

export function reduce(e: Editor, a: Action): Editor {
  switch (a.do) {
    case "select": return { ...e, selected: a.key };
    case "change": return { ...e, history: push(e.history, a.draft, a.tag), selected: a.select === undefined ? e.selected : a.select };
    case "undo": return kept({ ...e, history: undo(e.history) });
    case "redo": return kept({ ...e, history: redo(e.history) });
    case "discard": return kept({ ...e, history: push(e.history, e.base.draft), clashes: [] });
    case "server": return heard(e, { draft: draftOf(a.collection), tag: a.tag });
    case "reload": return e.theirs ? kept(over(e, e.theirs, true)) : e;
    case "rebase": return e.theirs ? kept(over(e, e.theirs, false)) : e;
    case "saved": return saved(e, a.sent, { draft: draftOf(a.collection), tag: a.tag });
  }
}

/** kept unselects what is not there any more. */
function kept(e: Editor): Editor {
  return e.history.now.some((i) => i.key === e.selected) ? e : { ...e, selected: null };
}

/** heard takes what the server has: at once where nothing was changed here. */
function heard(e: Editor, now: Theirs): Editor {
  if (now.tag === e.base.tag) return e.theirs ? { ...e, theirs: null } : e;
  if (now.tag === e.theirs?.tag) return e;
  if (isDirty(e)) return { ...e, theirs: now };
  return kept({ ...e, base: now, history: begin(now.draft), theirs: null, clashes: [] });
}

/** over bases every state on theirs, so that undoing can't overwrite what they saved. */
function over(e: Editor, theirs: Theirs, take: boolean): Editor {
  const { clashes } = merge(e.base.draft, e.history.now, theirs.draft);
  const history = mapHistory(e.history, (d) => (d === e.base.draft ? theirs.draft : merge(e.base.draft, d, theirs.draft).draft));
  return { ...e, base: theirs, theirs: null, history: take ? push(history, theirs.draft) : history, clashes: take ? [] : clashes };
}

/** saved keeps what was changed while the answer was on its way. */
function saved(e: Editor, sent: Draft, now: Theirs): Editor {
  const ids = new Map(sent.map((i, n) => [i.key, now.draft[n]?.key ?? i.key]));
  const renamed = (d: Draft): Draft => d.map((i) => ({ ...i, key: ids.get(i.key) ?? i.key }));
  const history = mapHistory(e.history, (d) => (d === sent ? now.draft : renamed(d)));
  return kept({ base: now, history, theirs: null, clashes: [], selected: e.selected === null ? null : (ids.get(e.selected) ?? e.selected) });
}
