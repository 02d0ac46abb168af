import { useEffect, useMemo, useRef, useState } from "react";
import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Collection } from "../lib/geometry";
import type { Format } from "../lib/format";
import { isLine, points, polygons } from "../lib/geometry";
import { canvasOver, fit, keepFitted, makeMap, at, underlay } from "../live/floormap";
import type { Plan } from "../live/plan";
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { lookup } from "./figures";
import { useColours, type Colours } from "./useColours";

/** rampOf goes from the floor's colour to the accent and on to the second. */
function rampOf(c: Colours): string[] {
  return Array.from({ length: 41 }, (_, i) => {
    const share = i / 40;
    return share < 0.6
      ? `color-mix(in oklab, ${c.accent} ${Math.round(6 + share * 130)}%, ${c.paper})`
      : `color-mix(in oklab, ${c.second} ${Math.round((share - 0.6) * 250)}%, color-mix(in oklab, ${c.accent} 84%, ${c.paper}))`;
  });
}

interface Cell { x: number; y: number; cell: number; value: number }

/** Heatmap lies over the floor; its colour goes with the root of the time, for a few cells have most of it. */
export function Heatmap({ rows, collection, plan, f }: { rows: Row[]; collection: Collection; plan: Plan | null; f: Format }) {
  const { t } = useLanguage();
  const element = useRef<HTMLDivElement>(null);
  const colours = useColours();
  const [over, setOver] = useState<Cell | null>(null);
  const cells = useMemo(() => rows.filter((r) => typeof r.person_seconds === "number" && r.person_seconds > 0).map((r): Cell => ({ x: Number(r.x), y: Number(r.y), cell: Number(r.cell), value: Number(r.person_seconds) })), [rows]);
  const most = useMemo(() => cells.map((c) => c.value).sort((a, b) => a - b)[Math.floor(cells.length * 0.99)] ?? 1, [cells]);

  useEffect(() => {
    const box = element.current!;
    const map = makeMap(box);
    fit(map, { collection, plan });
    const stop = keepFitted(map, box, () => fit(map, { collection, plan }));
    const removeUnderlay = underlay(map, box, plan);
    const layer = canvasOver(box, "floor-grid", box.firstChild as Element);
    const ramp = rampOf(colours);
    const draw = () => {
      layer.size();
      const scale = 2 ** map.getZoom(), origin = map.latLngToContainerPoint([0, 0]);
      for (const c of cells) {
        const share = Math.min(Math.sqrt(c.value / most), 1);
        const left = Math.round(origin.x + c.x * scale), right = Math.round(origin.x + (c.x + c.cell) * scale);
        const top = Math.round(origin.y - (c.y + c.cell) * scale), bottom = Math.round(origin.y - c.y * scale);
        layer.context.fillStyle = ramp[Math.round(share * (ramp.length - 1))]!;
        layer.context.fillRect(left, top, right - left, bottom - top);
      }
    };
    for (const feature of collection.features) {
      if (isLine(feature)) L.polyline(points(feature).map(at), { className: "line", weight: 2, interactive: false }).addTo(map);
      else L.polygon(polygons(feature).map((rings) => rings.map((ring) => ring.map(at))), { className: "zone outline", weight: 1, interactive: false }).addTo(map);
    }
    map.on("move zoom resize viewreset", draw);
    map.on("mousemove", (e) => {
      const { lat: y, lng: x } = e.latlng;
      setOver(cells.find((c) => x >= c.x && x < c.x + c.cell && y >= c.y && y < c.y + c.cell) ?? null);
    });
    map.on("mouseout", () => setOver(null));
    draw();
    return () => {
      stop();
      removeUnderlay();
      layer.canvas.remove();
      map.remove();
    };
  }, [cells, most, collection, plan, colours]);

  return (
    <figure className="heat">
      <figcaption className="readout">
        <strong>{lookup(t, "figure", "person_seconds")}</strong>
        <span>{over ? `x ${over.x}–${over.x + over.cell} cm, y ${over.y}–${over.y + over.cell} cm` : lookup(t, "define", "person_seconds")}</span>
        {over && <b>{f.number(over.value, 1)}</b>}
        <span className="ramp-key">{t("heatmap.least")} <i className="ramp" /> {t("heatmap.most", { value: f.number(most, 0) })}</span>
      </figcaption>
      <div className="floor"><div ref={element} className="floor-map" role="application" aria-label={t("heatmap.label")} /></div>
    </figure>
  );
}
