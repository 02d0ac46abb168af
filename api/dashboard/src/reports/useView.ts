import { useMemo } from "react";
import type { Ask } from "../api/queries";
import type { Location } from "../api/client";
import { query, useAddress, type Params } from "../lib/address";
import { addDays, bucketFor, buckets, bucketsFor, dateIn, daysBetween, interval, presets, type Bucket, type Preset } from "../lib/zoned";
import { kinds, type Kind } from "./kinds";

export interface View {
  kind: string;
  spec: Kind;
  period: Preset | "free";
  from: string; // dates of the shop's calendar, half-open
  to: string;
  bucket: Bucket | "";
  choices: (Bucket | "")[];
  zones: string[];
  compare: "" | "previous" | "last_year";
  open: boolean;
  figure: string;
  ask: Ask;
}

const isDate = (s: string | null): s is string => !!s && /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(Date.parse(s));

/** readView reads what the address bar says; what it leaves out or gets wrong is as usual. */
export function readView(params: URLSearchParams, today: string): View {
  const asked = params.get("kind") ?? "";
  const kind = Object.hasOwn(kinds, asked) ? asked : "occupancy";
  const spec = kinds[kind]!;
  const from = params.get("from"), to = params.get("to");
  const free = isDate(from) && isDate(to) && from < to;
  const named = presets.find((p) => p === params.get("period")) ?? (kind === "peaks" ? "month" : "week");
  const span = free ? { from, to } : interval(named, today);
  const days = daysBetween(span.from, span.to < addDays(today, 1) ? span.to : addDays(today, 1));
  const choices: (Bucket | "")[] = kind === "peaks" || kind === "heatmap" ? [""] : ["", ...bucketsFor(Math.max(days, 1))];
  const wanted = params.get("bucket");
  const usual: Bucket | "" = spec.bucketed ? bucketFor(Math.max(days, 1)) : "";
  const bucket: Bucket | "" = wanted === "whole" ? "" : (buckets.find((b) => b === wanted && choices.includes(b)) ?? usual);
  const zones = spec.zones === "none" ? [] : params.getAll("zone");
  const compare: View["compare"] = (["previous", "last_year"] as const).find((c) => c === params.get("compare")) ?? "";
  const figure = spec.figures.find((f) => f === params.get("figure")) ?? spec.figures[0] ?? "";
  const open = params.get("hours") === "open";
  const view: Omit<View, "ask"> = { kind, spec, period: free ? "free" : named, ...span, bucket, choices, zones, compare, open, figure };
  return { ...view, ask: askOf(view, today) };
}

function askOf(v: Omit<View, "ask">, today: string): Ask {
  const ask: Ask = { from: v.from };
  if (v.to <= today) ask.to = v.to; // else up to now
  if (v.bucket) ask.bucket = v.bucket;
  if (v.zones.length) ask.zone = v.zones;
  else if (v.spec.zones === "location") ask.zone = ["location"];
  if (v.compare) ask.compare = v.compare;
  if (v.open) ask.hours = "open";
  return ask;
}

export function useView(location: Location) {
  const { params, set } = useAddress();
  const today = dateIn(location.timezone, new Date());
  const text = params.toString();
  const view = useMemo(() => readView(new URLSearchParams(text), today), [text, today]);
  return { view, today, set };
}

/** fileOf is where a report is as a file: the same rows that the page shows. */
export function fileOf(location: number, v: View, format: "csv" | "xlsx"): string {
  return `/api/v1/locations/${location}/reports/${v.kind}` + query({ ...(v.ask as Params), format });
}
