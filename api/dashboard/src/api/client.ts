import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Location = Schemas["Location"];
export type Occupancy = Schemas["Occupancy"];
export type ZoneOccupancy = Schemas["ZoneOccupancy"];
export type Ready = Schemas["Ready"];
export type OccupancyRow = Schemas["OccupancyRow"];
export type DwellRow = Schemas["DwellRow"];
export type LineRow = Schemas["LineRow"];

export const client = createClient<paths>({ baseUrl: "/", querySerializer: { array: { style: "form", explode: true } } });

/** Failure is an answer that is not what was asked for: the server's problem, or none at all. */
export class Failure extends Error {
  constructor(readonly status: number, message: string, readonly details: { message: string; location?: string }[] = []) {
    super(message);
  }
}

interface Problem { detail?: string; title?: string; errors?: { message?: string; location?: string }[] | null }

export function failureOf(response: Response, error: unknown): Failure {
  const problem = (typeof error === "object" && error ? error : {}) as Problem;
  const details = (problem.errors ?? []).map((e) => ({ message: e.message ?? "", location: e.location }));
  return new Failure(response.status, problem.detail ?? problem.title ?? response.statusText, details);
}

/** unwrap gives the body of a 2xx answer, and throws a Failure for any other. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let got;
  try {
    got = await answer;
  } catch (e) {
    throw new Failure(0, e instanceof Error ? e.message : String(e));
  }
  if (got.data === undefined || !got.response.ok) throw failureOf(got.response, got.error);
  return got.data;
}
