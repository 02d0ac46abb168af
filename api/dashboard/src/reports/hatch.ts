import type uPlot from "uplot";
import type { Row } from "../api/queries";

/** shade hatches the buckets without data, which are no zeros. */
export function shade(u: uPlot, rows: Row[], colour: string) {
  const { ctx, bbox } = u;
  const seen = new Set<string>();
  ctx.save();
  ctx.beginPath();
  for (const row of rows) {
    if (row.coverage > 0 || seen.has(row.start)) continue;
    seen.add(row.start);
    const left = u.valToPos(Date.parse(row.start) / 1000, "x", true), right = u.valToPos(Date.parse(row.end) / 1000, "x", true);
    ctx.rect(left, bbox.top, right - left, bbox.height);
  }
  if (seen.size) {
    ctx.clip();
    ctx.beginPath();
    for (let x = bbox.left - bbox.height; x < bbox.left + bbox.width; x += 9 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
  ctx.restore();
}
