import type L from "leaflet";
import { fadeMs, place, type Positions } from "./positions";

export interface Ink { dot: string; halo: string }

const halo = 1.6; // pixels round a dot

interface Stamp { canvas: HTMLCanvasElement; key: string; half: number }

let last: Stamp | null = null;

/** stampOf is a dot to be copied: hundreds of copies cost less than hundreds of arcs. */
function stampOf(radius: number, ratio: number, ink: Ink): Stamp {
  const key = [radius, ratio, ink.dot, ink.halo].join();
  if (last?.key === key) return last;
  const half = radius + halo;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(2 * half * ratio);
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const [r, colour] of [[half, ink.halo], [radius, ink.dot]] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(half, half, r, 0, 2 * Math.PI);
    context.fill();
  }
  return (last = { canvas, key, half });
}

/** eachDot tells where everybody is, in pixels, and how much of them is there: less of who comes or goes. */
export function eachDot(map: L.Map, positions: Positions, now: number, tell: (x: number, y: number, left: number) => void) {
  const scale = 2 ** map.getZoom();
  const origin = map.latLngToContainerPoint([0, 0]);
  for (const dot of positions.dots.values()) {
    const left = dot.lost ? 1 - (now - dot.lost) / fadeMs : Math.min((now - dot.born) / 400, 1);
    if (left <= 0) continue;
    const [x, y] = place(dot, now);
    tell(origin.x + x * scale, origin.y - y * scale, left);
  }
}

/** drawDots draws everybody; who comes or goes is fainter and smaller. */
export function drawDots(map: L.Map, context: CanvasRenderingContext2D, positions: Positions, now: number, ink: Ink) {
  const radius = Math.max(2.4, Math.min(18 * 2 ** map.getZoom(), 8));
  const { canvas, half } = stampOf(radius, window.devicePixelRatio || 1, ink);
  eachDot(map, positions, now, (x, y, left) => {
    const size = half * (0.5 + 0.5 * left);
    context.globalAlpha = left;
    context.drawImage(canvas, x - size, y - size, 2 * size, 2 * size);
  });
  context.globalAlpha = 1;
}
