import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { paths } from "./schema";
import { client, failureOf, unwrap, type Ready } from "./client";
import type { Collection } from "../lib/geometry";

export function useLocations() {
  return useQuery({
    queryKey: ["locations"], refetchInterval: 5000,
    queryFn: async () => (await unwrap(client.GET("/api/v1/locations"))).locations,
  });
}

/** useSession is who is signed in; asking now and then keeps the session of a page that is watched. */
export function useSession() {
  return useQuery({
    queryKey: ["session"], refetchInterval: 10 * 60_000, refetchIntervalInBackground: true,
    queryFn: () => unwrap(client.GET("/api/v1/session")),
  });
}

export function useZones(location: number) {
  return useQuery({
    queryKey: ["zones", location], refetchInterval: 15_000,
    queryFn: async () => {
      const answer = await client.GET("/api/v1/locations/{location}/zones", { params: { path: { location } }, cache: "no-store" });
      if (!answer.data) throw failureOf(answer.response, answer.error);
      return { collection: answer.data as unknown as Collection, tag: answer.response.headers.get("ETag") ?? "" };
    },
  });
}

type ReportPath = paths["/api/v1/locations/{location}/reports/{kind}"]["get"]["parameters"];
export type Ask = NonNullable<ReportPath["query"]>;

/** Row is what all rows have; the figures are the kind's own. */
export interface Row {
  start: string;
  end: string;
  coverage: number;
  partial: boolean;
  suppressed?: boolean;
  previous_start?: string | null;
  [figure: string]: string | number | boolean | null | undefined;
}

export interface Answer { from: string; to: string; bucket: string | null; timezone: string; rows: Row[]; previous_from?: string }

export async function fetchReport(location: number, kind: string, ask: Ask, signal?: AbortSignal): Promise<Answer> {
  const path = { location, kind } as ReportPath["path"];
  const body = await unwrap(client.GET("/api/v1/locations/{location}/reports/{kind}", { params: { path, query: ask }, signal }));
  return body as unknown as Answer;
}

export function useReport(location: number, kind: string, ask: Ask | null, every: number | false = false) {
  return useQuery({
    queryKey: ["report", location, kind, ask], enabled: ask !== null, refetchInterval: every, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchReport(location, kind, ask!, signal),
  });
}

/** readyz answers 503 with the same members where something is wrong. */
export function useReady() {
  return useQuery({
    queryKey: ["readyz"], refetchInterval: 2000,
    queryFn: async () => (await (await fetch("/readyz", { cache: "no-store" })).json()) as Ready,
  });
}
