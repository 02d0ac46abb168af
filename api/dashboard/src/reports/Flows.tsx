import { useState } from "react";
import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { change, lookup, type Names } from "./figures";
import { layout } from "./sankey";

const width = 1000;

export function Flows({ rows, f, names }: { rows: Row[]; f: Format; names: Names }) {
  const { t } = useLanguage();
  const [over, setOver] = useState<string | null>(null);
  const flows = rows.map((r) => ({ from: String(r.from_zone), to: String(r.to_zone), count: Number(r.count ?? 0), before: r.count_previous }));
  const zones = new Set(flows.flatMap((x) => [x.from, x.to])).size;
  const height = Math.max(320, zones * 40);
  const { nodes, ribbons } = layout(flows, height);
  const hues = [...new Set(nodes.filter((n) => n.side === "from").map((n) => n.id))];
  const mid = width / 2, inner = 200;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t("sankey.label")}>
    <svg className="sankey" viewBox={`0 -4 ${width} ${height + 8}`} role="img" aria-label={t("sankey.label")}>
      {ribbons.map((r) => {
        const y0 = r.y0 + r.height / 2, y1 = r.y1 + r.height / 2;
        const before = flows.find((x) => x.from === r.from && x.to === r.to)?.before;
        const delta = change(r.count, before);
        return (
          <path key={r.from + ">" + r.to} className={`ribbon hue${hues.indexOf(r.from) % 5}${over === null || over === r.from || over === r.to ? "" : " faint"}`} strokeWidth={Math.max(r.height, 0.6)}
            d={`M${inner} ${y0}C${mid} ${y0} ${mid} ${y1} ${width - inner} ${y1}`}>
            <title>{`${names(r.from)} → ${names(r.to)}: ${f.number(r.count)}${delta === null ? "" : ` (${t("reports.before", { value: f.number(before as number) })})`}. ${lookup(t, "define", "count")}`}</title>
          </path>
        );
      })}
      {nodes.map((n) => (
        <g key={n.side + n.id} onMouseEnter={() => setOver(n.id)} onMouseLeave={() => setOver(null)}>
          <rect className="node" x={n.side === "from" ? inner - 8 : width - inner} y={n.y} width={8} height={Math.max(n.height, 1)} rx={1.5} />
          <text x={n.side === "from" ? inner - 16 : width - inner + 16} y={n.y + n.height / 2} dy="0.35em" textAnchor={n.side === "from" ? "end" : "start"}>{names(n.id)} <tspan className="count">{f.number(n.count)}</tspan></text>
        </g>
      ))}
    </svg>
    </div>
  );
}
