import { useEffect, useRef, useState } from "react";
import type { Location } from "../api/client";
import { useLanguage } from "../i18n";
import type { Params } from "../lib/address";
import { addDays, presets } from "../lib/zoned";
import { lookup } from "./figures";
import { kinds } from "./kinds";
import { fileOf, type View } from "./useView";

interface Props { location: Location; view: View; set(change: Params): void; zones: { id: string; name: string }[] }

export function Kinds({ view, set }: Pick<Props, "view" | "set">) {
  const { t } = useLanguage();
  const clear = { figure: undefined, bucket: undefined };
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => { // on a phone the strip is wider than the screen
    const chosen = strip.current?.querySelector<HTMLElement>("[aria-pressed=true]");
    if (chosen) strip.current!.scrollLeft = chosen.offsetLeft - (strip.current!.clientWidth - chosen.offsetWidth) / 2;
  }, [view.kind]);
  return (
    <div ref={strip} className="kinds" role="group" aria-label={t("reports.kind")}>
      {Object.keys(kinds).map((k) => <button key={k} type="button" aria-pressed={k === view.kind} onClick={() => set({ ...clear, kind: k })}>{t(`kind.${k}` as never)}</button>)}
    </div>
  );
}

export function Controls({ location, view, set, zones }: Props) {
  const { t } = useLanguage();
  return (
    <div className="controls">
      <label>{t("reports.period")}
        <select value={view.period} onChange={(e) => set(e.target.value === "free" ? { period: undefined, from: view.from, to: view.to } : { period: e.target.value, from: undefined, to: undefined })}>
          {presets.map((p) => <option key={p} value={p}>{t(`period.${p}`)}</option>)}
          <option value="free">{t("reports.free")}</option>
        </select>
      </label>
      {view.period === "free" && <>
        <label>{t("reports.from")}<input type="date" value={view.from} onChange={(e) => e.target.value && set({ from: e.target.value, to: e.target.value >= view.to ? addDays(e.target.value, 1) : view.to })} /></label>
        <label>{t("reports.to")}<input type="date" value={addDays(view.to, -1)} min={view.from} onChange={(e) => e.target.value >= view.from && set({ from: view.from, to: addDays(e.target.value, 1) })} /></label>
      </>}
      {view.spec.zones !== "none" && <ZonePicker view={view} set={set} zones={zones} />}
      {view.choices.length > 1 && <label>{t("reports.bucket")}
        <select value={view.bucket} onChange={(e) => set({ bucket: e.target.value || "whole" })}>{view.choices.map((b) => <option key={b} value={b}>{t(`bucket.${b}`)}</option>)}</select>
      </label>}
      <label>{t("reports.compare")}
        <select value={view.compare} onChange={(e) => set({ compare: e.target.value })}>
          <option value="">{t("reports.compare.none")}</option><option value="previous">{t("reports.compare.previous")}</option><option value="last_year">{t("reports.compare.last_year")}</option>
        </select>
      </label>
      {view.spec.figures.length > 1 && view.spec.chart !== "dwell" && <label>{t("reports.figure")}
        <select value={view.figure} onChange={(e) => set({ figure: e.target.value })}>{view.spec.figures.map((x) => <option key={x} value={x}>{lookup(t, "figure", x)}</option>)}</select>
      </label>}
      <label className="check"><input type="checkbox" checked={view.open} onChange={(e) => set({ hours: e.target.checked ? "open" : undefined })} />{t("reports.open")}</label>
      <div className="take">
        <a className="button" download href={fileOf(location.location_id, view, "csv")}>CSV</a>
        <a className="button" download href={fileOf(location.location_id, view, "xlsx")}>XLSX</a>
        <CopyLink />
      </div>
    </div>
  );
}

function CopyLink() {
  const { t } = useLanguage();
  const [copied, setCopied] = useState(false);
  return <button type="button" onClick={() => navigator.clipboard.writeText(window.location.href).then(() => { setCopied(true); setTimeout(() => setCopied(false), 2000); })}>{t(copied ? "reports.copied" : "reports.copy")}</button>;
}

function ZonePicker({ view, set, zones }: Pick<Props, "view" | "set" | "zones">) {
  const { t } = useLanguage();
  const chosen = view.zones.length ? view.zones : view.spec.zones === "location" ? ["location"] : [];
  const name = (id: string) => zones.find((z) => z.id === id)?.name ?? id;
  const text = chosen.length === 0 ? t("reports.all") : chosen.map(name).join(", ");
  const toggle = (id: string) => set({ zone: chosen.includes(id) ? chosen.filter((z) => z !== id) : [...chosen, id] });
  return (
    <div className="field">{t("reports.zones")}
      <details className="picker">
        <summary aria-label={`${t("reports.zones")}: ${text}`}>{text}</summary>
        <div className="picker-list">{zones.map((z) => <label key={z.id} className="check"><input type="checkbox" checked={chosen.includes(z.id)} onChange={() => toggle(z.id)} />{z.name}</label>)}</div>
      </details>
    </div>
  );
}
