import L from "leaflet";
import type { Plan } from "./plan";
import { boxOf, points, type Box, type Collection, type Point } from "../lib/geometry";

export const at = ([x, y]: Point) => L.latLng(y, x);

export const boundsOf = (b: Box) => L.latLngBounds([b.minY, b.minX], [b.maxY, b.maxX]);

/** makeMap is a floor in centimetres: x to the right, y up, no tiles, no controls. */
export function makeMap(element: HTMLElement): L.Map {
  return L.map(element, {
    crs: L.CRS.Simple, zoomControl: false, attributionControl: false, zoomSnap: 0, zoomDelta: 0.5, wheelPxPerZoomLevel: 120,
    minZoom: -8, maxZoom: 3, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, keyboard: true,
  });
}

/** fit shows the whole floor: its zones, lines and plan. */
export function fit(map: L.Map, { collection, plan }: { collection: Collection; plan: Plan | null }) {
  const corners: Point[] = plan ? [[plan.x, plan.y], [plan.x + plan.width, plan.y + plan.height]] : [];
  const box = boxOf([...collection.features.flatMap(points), ...corners]) ?? { minX: -500, minY: -500, maxX: 500, maxY: 500 };
  map.fitBounds(boundsOf(box), { padding: [18, 18] });
}

/** underlay draws what lies under everything: the plan, or a plain grid where there is none. */
export function underlay(map: L.Map, box: HTMLElement, plan: Plan | null): () => void {
  if (plan) {
    const image = L.imageOverlay(plan.url, boundsOf({ minX: plan.x, minY: plan.y, maxX: plan.x + plan.width, maxY: plan.y + plan.height }), { className: "floor-plan", alt: "", zIndex: 1, interactive: false });
    image.addTo(map);
    return () => { image.remove(); };
  }
  const grid = canvasOver(box, "floor-grid", box.firstChild as Element);
  const redraw = () => {
    const { width, height } = grid.size();
    drawGrid(map, grid.context, width, height, getComputedStyle(box).getPropertyValue("--grid"));
  };
  map.on("move zoom resize viewreset", redraw);
  const theme = new MutationObserver(redraw);
  theme.observe(document.documentElement, { attributes: true });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", redraw);
  redraw();
  return () => {
    map.off("move zoom resize viewreset", redraw);
    theme.disconnect();
    scheme.removeEventListener("change", redraw);
    grid.canvas.remove();
  };
}

/** keepFitted fits the floor to its element until somebody moves it. */
export function keepFitted(map: L.Map, element: HTMLElement, doFit: () => void): () => void {
  let touched = false;
  const touch = () => { touched = true; };
  element.addEventListener("wheel", touch, { passive: true });
  map.on("dragstart", touch);
  const watch = new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (!touched) doFit();
  });
  watch.observe(element);
  return () => {
    watch.disconnect();
    element.removeEventListener("wheel", touch);
  };
}

/** grid draws the plain floor: a line each metre where there is room, and each five. */
export function drawGrid(map: L.Map, context: CanvasRenderingContext2D, width: number, height: number, colour: string) {
  const scale = 2 ** map.getZoom(); // pixels for each cm
  const origin = map.latLngToContainerPoint([0, 0]);
  for (const step of [100, 500]) {
    if (step * scale < 12) continue;
    context.strokeStyle = colour;
    context.globalAlpha = step === 100 ? 0.35 : 0.8;
    context.lineWidth = 1;
    context.beginPath();
    const s = step * scale;
    for (let x = ((origin.x % s) + s) % s; x < width; x += s) {
      context.moveTo(Math.round(x) + 0.5, 0);
      context.lineTo(Math.round(x) + 0.5, height);
    }
    for (let y = ((origin.y % s) + s) % s; y < height; y += s) {
      context.moveTo(0, Math.round(y) + 0.5);
      context.lineTo(width, Math.round(y) + 0.5);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** canvasOver is a canvas in device pixels that covers a map and takes no events. */
export function canvasOver(element: HTMLElement, className: string, before?: Element | null) {
  const canvas = document.createElement("canvas");
  canvas.className = className;
  canvas.setAttribute("aria-hidden", "true");
  element.insertBefore(canvas, before ?? null);
  const context = canvas.getContext("2d")!;
  return {
    canvas, context,
    size() {
      const ratio = window.devicePixelRatio || 1;
      const width = element.clientWidth, height = element.clientHeight;
      const w = Math.round(width * ratio), h = Math.round(height * ratio);
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      return { width, height };
    },
  };
}
