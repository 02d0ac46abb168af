import { client, Failure, failureOf, unwrap, type Schemas } from "../api/client";
import type { Collection } from "../lib/geometry";
import { collectionOf, type Draft } from "./draft";

export interface Held { collection: Collection; tag: string }

const path = (location: number) => `/api/v1/locations/${location}/zones`;

async function answer(request: Promise<Response>): Promise<Held> {
  const response = await request.catch((e: unknown) => { throw new Failure(0, e instanceof Error ? e.message : String(e)); });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response, body);
  return { collection: body as Collection, tag: response.headers.get("ETag") ?? "" };
}

export const fetchZones = (location: number) => answer(fetch(path(location), { cache: "no-store" }));

/** saveZones replaces the zones that have a tag, and none else. */
export const saveZones = (location: number, draft: Draft, tag: string) =>
  answer(fetch(path(location), {
    method: "PUT", headers: { "Content-Type": "application/geo+json", "If-Match": tag }, body: JSON.stringify(collectionOf(draft)),
  }));

export type Preview = Schemas["PreviewAnswer"];

export const previewZones = (location: number, draft: Draft) =>
  unwrap(client.POST("/api/v1/locations/{location}/zones/preview", { params: { path: { location } }, body: collectionOf(draft) as never })) as Promise<Preview>;

/** Fault is what the server finds wrong with a feature, while that stays as it was sent. */
export interface Fault { key: string | null; feature: unknown; field: string; text: string }

const fields = ["name", "kind", "capacity", "enter_after", "exit_after", "service", "wait_target", "location_id", "in"];

/** faultsOf puts each fault of a refusal at its feature and field. */
export function faultsOf(failure: Failure, sent: Draft): Fault[] {
  return failure.details.map(({ message, location }) => {
    const place = /features\[(\d+)\]/.exec(location ?? "");
    const item = place ? sent[Number(place[1])] : undefined;
    const named = /^"(\w+)"/.exec(message)?.[1] ?? "";
    const field = fields.includes(named) ? named : /^(the id|it has no id)/.test(message) ? "id" : item ? "geometry" : "";
    return { key: item?.key ?? null, feature: item?.feature, field, text: message };
  });
}
