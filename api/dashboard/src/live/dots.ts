import type L from "leaflet";
import { fadeMs, place, type Positions } from "./positions";

export interface Ink { dot: string; halo: string }

/** drawDots draws everybody: those who are there in one path, who fades each alone. */
export function drawDots(map: L.Map, context: CanvasRenderingContext2D, positions: Positions, now: number, ink: Ink) {
  const scale = 2 ** map.getZoom();
  const origin = map.latLngToContainerPoint([0, 0]);
  const radius = Math.max(2.4, Math.min(18 * scale, 8));
  const fading: [number, number, number][] = [];
  context.beginPath();
  for (const dot of positions.dots.values()) {
    const [x, y] = place(dot, now);
    const px = origin.x + x * scale, py = origin.y - y * scale;
    if (dot.lost) fading.push([px, py, 1 - (now - dot.lost) / fadeMs]);
    else if (now - dot.born < 400) fading.push([px, py, (now - dot.born) / 400]);
    else {
      context.moveTo(px + radius, py);
      context.arc(px, py, radius, 0, 2 * Math.PI);
    }
  }
  context.fillStyle = ink.dot;
  context.strokeStyle = ink.halo;
  context.lineWidth = 1.6;
  context.stroke();
  context.fill();
  for (const [x, y, left] of fading) {
    if (left <= 0) continue;
    context.globalAlpha = left;
    context.beginPath();
    context.arc(x, y, radius * (0.5 + 0.5 * left), 0, 2 * Math.PI);
    context.stroke();
    context.fill();
  }
  context.globalAlpha = 1;
}
