import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useRef } from "react";
import { area, idOf, inside, isLine, labelPoint, nameOf, points, polygons, type Collection, type Feature, type Point } from "../lib/geometry";
import { useLanguage } from "../i18n";
import { drawArrow, normalOf } from "./arrow";
import { drawDots } from "./dots";
import { at, canvasOver, fit, keepFitted, makeMap, underlay } from "./floormap";
import type { Plan } from "./plan";
import type { Positions } from "./positions";

export interface ZoneState { now: number | null; capacity: number | null; tint: number | null; over: boolean }
export interface LineState { in: number | null; out: number | null }

interface Props {
  label: string;
  collection: Collection;
  zones: Map<string, ZoneState>;
  lines: Map<string, LineState>;
  positions: Positions | null;
  plan?: Plan | null;
  selected?: string | null;
  onSelect?(zone: string | null): void;
}

interface Drawn { map: L.Map; shapes: Map<string, L.Polygon>; labels: Map<string, HTMLElement> }

const sizeOf = (f: Feature) => polygons(f).reduce((sum, rings) => sum + area(rings[0]!), 0);

export function Floor({ label, collection, zones, lines, positions, plan = null, selected, onSelect }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const floor = useRef({ collection, plan });
  floor.current = { collection, plan };
  const select = useRef(onSelect);
  select.current = onSelect;
  const { t, locale } = useLanguage();

  useEffect(() => {
    const box = element.current!;
    const map = makeMap(box);
    const d: Drawn = { map, shapes: new Map(), labels: new Map() };
    fit(map, floor.current);
    drawFeatures(d, collection, (id) => select.current?.(id));
    map.on("click", () => select.current?.(null));
    drawn.current = d;
    const stopFit = keepFitted(map, box, () => fit(map, floor.current));
    const removeUnderlay = underlay(map, box, plan);
    map.on("zoom resize viewreset", () => fitLabels(d));
    fitLabels(d);
    return () => {
      drawn.current = null;
      stopFit();
      removeUnderlay();
      map.remove();
    };
  }, [collection, plan]);

  useEffect(() => {
    if (!positions || !drawn.current) return;
    const box = element.current!;
    const map = drawn.current.map;
    const layer = canvasOver(box, "floor-dots");
    const style = getComputedStyle(box);
    let frame = 0;
    const draw = () => {
      frame = requestAnimationFrame(draw);
      layer.size();
      const now = performance.now();
      positions.sweep(now);
      drawDots(map, layer.context, positions, now, { dot: style.getPropertyValue("--dot"), halo: style.getPropertyValue("--halo") });
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      layer.canvas.remove();
    };
  }, [positions, collection, plan]);

  useEffect(() => {
    const d = drawn.current;
    if (!d) return;
    const number = new Intl.NumberFormat(locale);
    for (const [id, shape] of d.shapes) {
      const state = zones.get(id);
      const path = shape.getElement() as SVGElement | undefined;
      path?.style.setProperty("--tint", String(Math.min(state?.tint ?? 0, 1)));
      path?.classList.toggle("over", state?.over ?? false);
      path?.classList.toggle("selected", selected === id);
      const text = d.labels.get(id)?.querySelector("b");
      if (text) text.textContent = state?.now == null ? "" : number.format(state.now);
    }
    for (const [id, state] of lines) {
      const text = d.labels.get(id)?.querySelector("b");
      if (text) text.textContent = `${t("live.in")} ${state.in == null ? "–" : number.format(state.in)}  ${t("live.out")} ${state.out == null ? "–" : number.format(state.out)}`;
    }
  }, [zones, lines, selected, collection, plan, t, locale]);

  const zoom = (by: number) => drawn.current?.map.setZoom(drawn.current.map.getZoom() + by);
  return (
    <div className="floor">
      <div ref={element} className="floor-map" role="application" aria-label={label} />
      <div className="floor-zoom">
        <button type="button" onClick={() => zoom(0.5)} aria-label={t("zoom.in")} title={t("zoom.in")}>+</button>
        <button type="button" onClick={() => zoom(-0.5)} aria-label={t("zoom.out")} title={t("zoom.out")}>−</button>
        <button type="button" onClick={() => drawn.current && fit(drawn.current.map, floor.current)} aria-label={t("zoom.fit")} title={t("zoom.fit")}>⤢</button>
      </div>
    </div>
  );
}

function drawFeatures(d: Drawn, collection: Collection, select: (id: string) => void) {
  const shapes = collection.features.filter((f) => !isLine(f)).sort((a, b) => sizeOf(b) - sizeOf(a));
  const centres = new Map(shapes.map((f) => [f, labelPoint(f)]));
  for (const f of shapes) {
    const holds = shapes.some((g) => g !== f && polygons(f).some((rings) => inside(centres.get(g)!, rings)) && sizeOf(g) < sizeOf(f) * 0.7);
    const shape = L.polygon(polygons(f).map((rings) => rings.map((ring) => ring.map(at))), { className: holds ? "zone holds" : "zone", weight: 1.2 });
    shape.addTo(d.map).on("click", (e) => {
      L.DomEvent.stopPropagation(e);
      select(idOf(f));
    });
    d.shapes.set(idOf(f), shape);
    addLabel(d, f, holds ? corner(f) : centres.get(f)!, holds ? "label corner" : "label");
  }
  for (const f of collection.features.filter(isLine)) drawLine(d, f);
}

/** fitLabels leaves out the names for which there is no room; the counts stay. */
function fitLabels({ map, shapes, labels }: Drawn) {
  for (const [id, shape] of shapes) {
    const label = labels.get(id);
    if (!label) continue;
    label.classList.remove("tight");
    const bounds = shape.getBounds();
    const size = map.latLngToContainerPoint(bounds.getSouthEast()).subtract(map.latLngToContainerPoint(bounds.getNorthWest()));
    label.classList.toggle("tight", label.offsetWidth > size.x + 6 || label.offsetHeight > size.y + 8);
  }
}

/** corner is where a zone that holds others has its label: at its upper left. */
function corner(f: Feature): Point {
  return points(f).reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
}

function drawLine(d: Drawn, f: Feature) {
  L.polyline(points(f).map(at), { className: "line", weight: 3, interactive: false }).addTo(d.map);
  drawArrow(d.map, f);
  const normal = normalOf(f), [mx, my] = labelPoint(f);
  addLabel(d, f, [mx - normal[0] * 10, my - normal[1] * 10], "label line-label");
}

function addLabel(d: Drawn, f: Feature, point: Point, className: string) {
  const text = document.createElement("div");
  const name = document.createElement("span");
  name.textContent = nameOf(f);
  text.append(name, document.createElement("b"));
  const icon = L.divIcon({ className, html: text, iconSize: [0, 0] });
  L.marker(at(point), { icon, interactive: false, keyboard: false }).addTo(d.map);
  d.labels.set(idOf(f), text);
}
