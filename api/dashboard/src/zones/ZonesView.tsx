import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Location } from "../api/client";
import { useZones } from "../api/queries";
import { useLanguage, type Key } from "../i18n";
import { useFormat } from "../lib/format";
import { area, inside, isLine, nameOf, polygons, type Feature, type Point } from "../lib/geometry";
import { usePlan } from "../live/plan";
import { Loading } from "../shell/Loading";
import { Clashes, Conflict } from "./Conflict";
import { Corners } from "./Corners";
import { changesOf, cutHole, itemOf, kindOf, newItem, removeItem, replaceFeature } from "./draft";
import { EditorMap, type Mode, type Pen } from "./EditorMap";
import { Fields } from "./Fields";
import { PlanForm } from "./PlanForm";
import { PreviewTable } from "./PreviewTable";
import type { Held } from "./server";
import { Tools } from "./Tools";
import { typed, typedHole } from "./typed";
import { forget, useEditor, useMayChange, usePreview, useSaving } from "./useEditor";
import { useLeaving } from "./useLeaving";
import { drawingIssue, shapeIssues, type Reason } from "./validity";
import "./zones.css";

export function ZonesView({ location }: { location: Location }) {
  const zones = useZones(location.location_id);
  return zones.data ? <Editing location={location} held={zones.data} /> : <Loading query={zones} />;
}

const hints: Partial<Record<Mode, Key>> = { zone: "zones.hint.draw", line: "zones.hint.line", hole: "zones.hint.cut", edit: "zones.hint.edit", move: "zones.hint.move" };

function Editing({ location, held }: { location: Location; held: Held }) {
  const id = location.location_id;
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const use = useEditor(id, held);
  const { editor, dispatch, draft, changes, issues, wrong } = use;
  const saving = useSaving(id, use);
  const { preview, why, ask } = usePreview(id, draft);
  const may = useMayChange();
  const plan = usePlan(location);
  const [mode, setMode] = useState<Mode>("select");
  const [live, setLive] = useState<Reason | null>(null);
  const [seeTheirs, setSeeTheirs] = useState(false);
  const item = itemOf(draft, editor.selected) ?? null;
  const onLeave = useCallback(() => { dispatch({ do: "discard" }); forget(id); }, [dispatch, id]);
  useLeaving(changes.size > 0, t("zones.leave"), onLeave);
  const pen = useRef<Pen | null>(null);
  const [placed, setPlaced] = useState(0); // corners of what is being drawn
  const undo = () => { if (!pen.current?.back()) dispatch({ do: "undo" }); };
  useKeys(may, undo, () => dispatch({ do: "redo" }));

  const theirs = useMemo(() => {
    if (!seeTheirs || !editor.theirs) return null;
    const changed = changesOf(editor.base.draft, editor.theirs.draft);
    return editor.theirs.draft.filter((i) => changed.has(i.key));
  }, [seeTheirs, editor.theirs, editor.base.draft]);

  const modeTo = (m: Mode) => { setMode(m); setLive(null); setPlaced(0); };
  const change = (feature: Feature, tag = "") => item && dispatch({ do: "change", draft: replaceFeature(draft, item.key, feature), tag });
  const add = (shape: "zone" | "line", points: Point[]) => {
    const made = newItem(draft, id, shape, points, t(shape === "zone" ? "zones.new" : "zones.newline"));
    dispatch({ do: "change", draft: [...draft, made], select: made.key });
  };
  const drawn = (points: Point[]) => {
    if (mode === "hole" && item) change(cutHole(item.feature, points, (rings) => inside(points[0]!, rings)));
    else if (mode === "zone" || mode === "line") add(mode, points);
    modeTo("select");
  };
  const part = (points: Point[]) => {
    const crossing = mode === "line" ? null : drawingIssue(points);
    const outside = mode === "hole" && item && points.length > 2 && !polygons(item.feature).some((rings) => rings.length && points.every((p) => inside(p, rings)));
    setLive(crossing ?? (outside ? "hole.outside" : null));
  };
  const remove = () => {
    if (item) dispatch({ do: "change", draft: removeItem(draft, item.key), select: null });
    modeTo("select");
  };

  return (
    <div className="zones">
      <section className="zones-floor" aria-label={t("live.floor", { name: location.name })}>
        {may && (
          <Tools mode={mode} selected={item && kindOf(item.feature)} canUndo={editor.history.past.length > 0} canRedo={editor.history.future.length > 0} onMode={modeTo}
            onType={(shape) => add(shape, typed(draft.flatMap((i) => (isLine(i.feature) ? [] : polygons(i.feature).flat(2))), shape))}
            onFinish={placed >= (mode === "line" ? 2 : 3) ? () => pen.current?.finish() : undefined} placed={placed} onUndo={undo} onRedo={() => dispatch({ do: "redo" })} onDelete={remove} />
        )}
        <EditorMap label={t("zones.floor", { name: location.name })} draft={draft} theirs={theirs} selected={editor.selected} mode={mode} wrong={wrong} plan={plan}
          pen={pen} onPlaced={setPlaced} onSelect={(key) => dispatch({ do: "select", key })} onDrawn={drawn} onCancel={() => modeTo("select")} onPart={part}
          onMoving={(feature) => setLive(shapeIssues(feature)[0]?.reason ?? null)}
          onShape={(key, feature) => { setLive(null); dispatch({ do: "change", draft: replaceFeature(draft, key, feature) }); }} />
        <p className={live ? "zones-hint told" : "zones-hint"} role="status">{live ? t(`zones.invalid.${live}` as Key) : t(may ? (hints[mode] ?? "zones.pick") : "zones.readonly")}</p>
      </section>
      <section className="zones-side" aria-label={t("zones.title")}>
        <div className="zones-head">
          <h1>{t("zones.title")}</h1>
          {may && (
            <div className="row">
              <button type="button" onClick={() => ask()} disabled={wrong.size > 0}>{t("zones.preview")}</button>
              <button type="button" disabled={!changes.size} onClick={() => dispatch({ do: "discard" })}>{t("zones.discard")}</button>
              <button type="button" className="primary" disabled={!changes.size || wrong.size > 0 || saving.busy || !!editor.theirs} onClick={() => saving.save()}>{t("zones.save")}</button>
            </div>
          )}
          <p className="note" role="status">{changes.size ? t("zones.changed", { n: changes.size }) : saving.outcome?.is === "saved" ? t("zones.saved") : t("zones.unchanged")}{wrong.size > 0 && ` ${t("zones.wrong", { n: wrong.size })}`}</p>
          {editor.theirs && <Conflict base={editor.base.draft} theirs={editor.theirs.draft} shown={seeTheirs} onShow={setSeeTheirs} onReload={() => dispatch({ do: "reload" })} onRebase={() => dispatch({ do: "rebase" })} />}
          <Clashes clashes={editor.clashes} draft={draft} />
          {saving.outcome?.is === "failed" && (
            <div className="conflict" role="alert">
              <p>{t("zones.failed", { why: saving.outcome.why })}</p>
              {saving.faults.length > 0 && <ul>{saving.faults.map((x, i) => <li key={i}>{x.key && <button type="button" className="link" onClick={() => dispatch({ do: "select", key: x.key })}>{nameOf(itemOf(draft, x.key)!.feature)}</button>} {x.text}</li>)}</ul>}
            </div>
          )}
        </div>
        {why && <p className="told" role="alert">{why.status === 409 ? t("zones.preview.off") : t("failed", { why: why.message })}</p>}
        {preview && <PreviewTable preview={preview.answer} draft={preview.of} base={editor.base.draft} f={f} old={preview.of !== draft} />}
        <ul className="zone-list" aria-label={t("zones.list")}>
          {draft.map((i) => (
            <li key={i.key}>
              <button type="button" aria-pressed={i.key === editor.selected} onClick={() => dispatch({ do: "select", key: i.key === editor.selected ? null : i.key })}>
                <i className={isLine(i.feature) ? "mark line" : "mark"} aria-hidden="true" />{nameOf(i.feature)}
                {changes.has(i.key) && <small>{t(`zones.change.${changes.get(i.key)!}`)}</small>}
                {(wrong.has(i.key) || saving.faults.some((x) => x.key === i.key)) && <small className="told">{t("zones.faulty")}</small>}
              </button>
            </li>
          ))}
        </ul>
        {item && (
          <div className="zone-form" role="group" aria-label={nameOf(item.feature)}>
            <h2>{nameOf(item.feature)} <small>{sizeText(item.feature, f.number)}</small></h2>
            <ul className="told">
              {(issues.get(item.key) ?? []).filter((i) => i.field === "geometry" || i.field === "location_id").map((i) => <li key={i.reason}>{t(`zones.invalid.${i.reason}` as Key)}</li>)}
              {saving.faults.filter((x) => x.key === item.key && (x.field === "geometry" || x.field === "location_id")).map((x) => <li key={x.text}>{x.text}</li>)}
            </ul>
            <Fields item={item} draft={draft} issues={issues.get(item.key) ?? []} faults={saving.faults.filter((x) => x.key === item.key)} disabled={!may} isNew={changes.get(item.key) === "added"} onChange={change} />
            <Corners feature={item.feature} disabled={!may} onChange={change} />
            {may && kindOf(item.feature) === "zone" && <button type="button" onClick={() => change(cutHole(item.feature, typedHole(item.feature), () => true))}>{t("zones.type.hole")}</button>}
          </div>
        )}
        {may && <PlanForm location={location} />}
      </section>
    </div>
  );
}

function sizeText(f: Feature, write: (n: number, digits: number) => string): string {
  if (f.geometry.type !== "LineString") {
    return `${write(polygons(f).reduce((sum, [outer, ...holes]) => sum + area(outer ?? []) - holes.reduce((s, h) => s + area(h), 0), 0) / 1e4, 1)} m²`;
  }
  const c = f.geometry.coordinates;
  return `${write(c.slice(1).reduce((sum, p, i) => sum + Math.hypot(p[0] - c[i]![0], p[1] - c[i]![1]), 0) / 100, 1)} m`;
}

/** useKeys undoes by Ctrl+Z, but not while somebody types. */
function useKeys(on: boolean, undo: () => void, redo: () => void) {
  useEffect(() => {
    if (!on) return;
    const pressed = (e: KeyboardEvent) => {
      if (!(e.ctrlKey || e.metaKey) || e.target instanceof HTMLInputElement) return;
      const key = e.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      e.preventDefault();
      if (key === "y" || e.shiftKey) redo();
      else undo();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
