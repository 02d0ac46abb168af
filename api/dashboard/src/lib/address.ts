import { useCallback, useSyncExternalStore } from "react";

// The address bar is the state of the page: a link shows a colleague the same.

export type Params = Record<string, string | string[] | undefined>;

const changed = new Set<() => void>();

function subscribe(listener: () => void) {
  changed.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    changed.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

const current = () => window.location.pathname + window.location.search;

/** query writes parameters in a fixed order, and leaves out what is undefined or empty. */
export function query(params: Params): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) search.append(name, one);
  }
  const text = search.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

let guard: (() => boolean) | null = null;

/** mayLeave asks whatever has something to lose. */
export const mayLeave = () => !guard || guard();

/** guardLeaving asks before the address changes, the browser's own buttons included, until it is stopped. */
export function guardLeaving(ask: () => boolean): () => void {
  const here = current();
  guard = ask;
  const back = (e: PopStateEvent) => {
    if (current() === here || ask()) return;
    e.stopImmediatePropagation();
    window.history.pushState(null, "", here);
  };
  window.addEventListener("popstate", back, true);
  return () => {
    if (guard === ask) guard = null;
    window.removeEventListener("popstate", back, true);
  };
}

export function go(to: string, replace = false) {
  if (to === current() || !mayLeave()) return;
  window.history[replace ? "replaceState" : "pushState"](null, "", to);
  for (const listener of changed) listener();
}

export function useAddress() {
  const address = useSyncExternalStore(subscribe, current);
  const [path, search = ""] = address.split("?");
  const params = new URLSearchParams(search);
  const set = useCallback((change: Params, replace = false) => {
    const now = new URLSearchParams(window.location.search);
    const all: Params = {};
    for (const key of new Set(now.keys())) all[key] = now.getAll(key);
    go(window.location.pathname + query({ ...all, ...change }), replace);
  }, []);
  return { path: path!, params, set };
}
