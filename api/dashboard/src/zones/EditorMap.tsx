import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "@geoman-io/leaflet-geoman-free";
import "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css";
import { useEffect, useRef, type RefObject } from "react";
import { useLanguage } from "../i18n";
import { isLine, labelPoint, nameOf, points, polygons, type Collection, type Feature, type Point } from "../lib/geometry";
import { drawArrow } from "../live/arrow";
import { at, fit, keepFitted, makeMap, underlay } from "../live/floormap";
import type { Plan } from "../live/plan";
import { collectionOf, positionsOf, settled, type Draft, type Positions } from "./draft";

export type Mode = "select" | "zone" | "line" | "hole" | "edit" | "move";

interface Props {
  label: string;
  draft: Draft;
  theirs: Draft | null;
  selected: string | null;
  mode: Mode;
  wrong: Set<string>;
  plan: Plan | null;
  pen: RefObject<Pen | null>;
  onPlaced(corners: number): void;
  onSelect(key: string | null): void;
  onDrawn(points: Point[]): void;
  onCancel(): void;
  /** a shape as it is while it is drawn, or dragged */
  onPart(points: Point[]): void;
  onMoving(feature: Feature): void;
  onShape(key: string, feature: Feature): void;
}

const drawing: Partial<Record<Mode, "Polygon" | "Line">> = { zone: "Polygon", line: "Line", hole: "Polygon" };
const pointOf = (p: L.LatLng, known: Positions): Point => settled([p.lng, p.lat], known);

/** Pen is what draws: a corner can be taken back, and the shape finished. */
export interface Pen { back(): boolean; finish(): void }

interface Drawing { _layer?: L.Polyline; _removeLastVertex(): void; _finishShape(): void }

/** EditorMap is the floor to draw on. It draws what the draft says, and says what was drawn. */
export function EditorMap(props: Props) {
  const element = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { t } = useLanguage();
  const { draft, theirs, selected, mode, wrong, plan } = props;
  const fitAll = () => map.current && fit(map.current, floorOf(latest.current));

  useEffect(() => {
    const box = element.current!;
    const m = makeMap(box);
    map.current = m;
    m.pm.setGlobalOptions({ snapDistance: 12, tooltips: false, allowSelfIntersection: true, continueDrawing: false } as L.PM.GlobalOptions);
    fitAll();
    const stopFit = keepFitted(m, box, fitAll);
    m.on("click", () => latest.current.mode === "select" && latest.current.onSelect(null));
    m.on("pm:create", (e) => {
      const ring = (e.layer as L.Polyline).getLatLngs().flat(2) as L.LatLng[];
      e.layer.remove();
      const known = positionsOf(latest.current.draft);
      latest.current.onDrawn(ring.map((c) => pointOf(c, known)));
    });
    m.on("pm:drawstart", ({ workingLayer }) => {
      const known = positionsOf(latest.current.draft);
      const placed = () => ((workingLayer as L.Polyline).getLatLngs() as L.LatLng[]).map((c) => pointOf(c, known));
      workingLayer.on("pm:vertexadded", () => {
        latest.current.onPart(placed());
        latest.current.onPlaced(placed().length);
      });
      const moved = (e: L.LeafletMouseEvent) => latest.current.onPart([...placed(), pointOf(e.latlng, known)]);
      m.on("mousemove", moved);
      m.once("pm:drawend", () => m.off("mousemove", moved));
    });
    return () => {
      stopFit();
      map.current = null;
      m.remove();
    };
  }, []);

  useEffect(() => underlay(map.current!, element.current!, plan), [plan]);
  useEffect(() => { fitAll(); }, [plan]);

  useEffect(() => {
    const m = map.current!;
    const shape = drawing[mode];
    if (!shape) return;
    m.pm.enableDraw(shape, { templineStyle: { className: "draft-line" }, hintlineStyle: { className: "draft-hint" }, pathOptions: { className: "zone" }, snappable: true, cursorMarker: true });
    const { pen } = latest.current;
    const drawer = (m.pm.Draw as unknown as Record<string, Drawing>)[shape]!;
    const corners = () => (drawer._layer?.getLatLngs() ?? []) as L.LatLng[];
    pen.current = {
      back() {
        if (!corners().length) return false;
        drawer._removeLastVertex();
        const known = positionsOf(latest.current.draft);
        latest.current.onPart(corners().map((c) => pointOf(c, known)));
        latest.current.onPlaced(corners().length);
        return true;
      },
      finish: () => drawer._finishShape(),
    };
    const escape = (e: KeyboardEvent) => e.key === "Escape" && latest.current.onCancel();
    window.addEventListener("keydown", escape);
    return () => {
      pen.current = null;
      window.removeEventListener("keydown", escape);
      if (map.current) m.pm.disableDraw();
    };
  }, [mode]);

  useEffect(() => {
    const group = L.layerGroup().addTo(map.current!);
    for (const { feature } of theirs ?? []) shapeOf(feature, "theirs", false).addTo(group);
    for (const { key, feature } of draft) {
      const classes = [isLine(feature) ? "line" : "zone", key === selected && "selected", wrong.has(key) && "wrong"].filter(Boolean).join(" ");
      const layer = shapeOf(feature, classes, !drawing[mode]).addTo(group);
      layer.on("click", (e) => {
        L.DomEvent.stopPropagation(e);
        latest.current.onSelect(key);
      });
      if (isLine(feature) && points(feature).length > 1) drawArrow(group, feature);
      if (points(feature).length) label(feature).addTo(group);
      if (key === selected && (mode === "edit" || mode === "move")) listen(layer, feature, mode, latest, key);
    }
    return () => { group.remove(); };
  }, [draft, theirs, selected, mode, wrong]);

  const zoom = (by: number) => map.current?.setZoom(map.current.getZoom() + by);
  return (
    <div className={`floor editing-${mode}`}>
      <div ref={element} className="floor-map" role="application" aria-label={props.label} />
      <div className="floor-zoom">
        <button type="button" onClick={() => zoom(0.5)} aria-label={t("zoom.in")} title={t("zoom.in")}>+</button>
        <button type="button" onClick={() => zoom(-0.5)} aria-label={t("zoom.out")} title={t("zoom.out")}>−</button>
        <button type="button" onClick={fitAll} aria-label={t("zoom.fit")} title={t("zoom.fit")}>⤢</button>
      </div>
    </div>
  );
}

/** floorOf is what is to be in sight. */
function floorOf({ draft, plan }: Props): { collection: Collection; plan: Plan | null } {
  return { collection: collectionOf(draft), plan };
}

type Shape = L.Polyline<any>;

function shapeOf(f: Feature, className: string, interactive: boolean): Shape {
  const options = { className, weight: isLine(f) ? 3 : 1.4, interactive };
  if (f.geometry.type === "LineString") return L.polyline(points(f).map(at), options);
  return L.polygon(polygons(f).map((rings) => rings.map((ring) => ring.map(at))), options);
}

function label(f: Feature): L.Marker {
  const name = document.createElement("div");
  name.textContent = nameOf(f);
  const icon = L.divIcon({ className: isLine(f) ? "label line-label" : "label", html: name, iconSize: [0, 0] });
  return L.marker(at(labelPoint(f)), { icon, interactive: false, keyboard: false, pmIgnore: true });
}

function listen(layer: Shape, feature: Feature, mode: Mode, latest: { current: Props }, key: string) {
  const known = positionsOf(latest.current.draft);
  const now = () => read(layer, feature, known);
  const done = () => latest.current.onShape(key, now());
  const moving = () => latest.current.onMoving(now());
  if (mode === "move") {
    layer.pm.enableLayerDrag();
    layer.on("pm:drag", moving);
    layer.on("pm:dragend", done);
    return;
  }
  layer.pm.enable({ allowSelfIntersection: true, snappable: true });
  layer.on("pm:markerdrag", moving);
  layer.on("pm:markerdragend pm:vertexremoved", () => setTimeout(done));
}

/** read gives a feature the shape that its layer has now. */
function read(layer: Shape, f: Feature, known: Positions): Feature {
  const point = (c: L.LatLng) => pointOf(c, known);
  const all = layer.getLatLngs();
  if (f.geometry.type === "LineString") return { ...f, geometry: { ...f.geometry, coordinates: (all as L.LatLng[]).map(point) } };
  const ring = (r: L.LatLng[]): Point[] => (r.length ? [...r.map(point), point(r[0]!)] : []);
  const parts = Array.isArray((all as L.LatLng[][])[0]?.[0]) ? (all as unknown as L.LatLng[][][]) : [all as L.LatLng[][]];
  const rings = parts.map((p) => p.map(ring).filter((r) => r.length)).filter((p) => p.length);
  const coordinates = f.geometry.type === "Polygon" ? (rings[0] ?? []) : rings;
  return { ...f, geometry: { ...f.geometry, coordinates } as Feature["geometry"] };
}
