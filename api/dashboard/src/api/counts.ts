import { useSyncExternalStore } from "react";
import { Failure, failureOf, type Occupancy } from "./client";

/** The live counts, asked for once a second; while nothing changes the answer is a 304. */
export interface Live {
  byLocation: Map<number, Occupancy>;
  /** when the server last answered, on the browser's clock */
  heard: number | null;
  failure: Failure | null;
}

let live: Live = { byLocation: new Map(), heard: null, failure: null };
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let tag = "";

function publish(next: Live) {
  live = next;
  for (const listener of listeners) listener();
}

async function ask(): Promise<void> {
  const response = await fetch("/api/v1/occupancy", {
    headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", signal: AbortSignal.timeout(5000),
  });
  if (response.status === 304) {
    if (live.failure) publish({ ...live, heard: Date.now(), failure: null });
    else live.heard = Date.now();
    return;
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response, body);
  tag = response.headers.get("ETag") ?? "";
  const byLocation = new Map((body.locations as Occupancy[]).map((l) => [l.location_id, l]));
  publish({ byLocation, heard: Date.now(), failure: null });
}

async function loop() {
  try {
    await ask();
  } catch (e) {
    const failure = e instanceof Failure ? e : new Failure(0, e instanceof Error ? e.message : String(e));
    publish({ ...live, failure });
  }
  if (listeners.size) timer = setTimeout(loop, 1000);
  else timer = undefined;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (!timer) timer = setTimeout(loop, 0);
  return () => void listeners.delete(listener);
}

export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => live);
}
