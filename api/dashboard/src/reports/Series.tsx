import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Row } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Format } from "../lib/format";
import { lookup, why, write, type Names } from "./figures";
import { shade } from "./hatch";
import { sums, unitOf } from "./kinds";
import { useColours } from "./useColours";

interface Props { rows: Row[]; figure: string; by: string; bucket: string; zone: string; compare: boolean; f: Format; names: Names }

export interface Lines { starts: string[]; subjects: string[]; at: Map<string, Row>[]; values: (number | null)[][]; before: (number | null)[][] }

const number = (v: unknown) => (typeof v === "number" ? v : null);

/** linesOf turns flat rows to one line for each subject. */
export function linesOf(rows: Row[], figure: string, by: string, most = 8): Lines {
  const starts = [...new Set(rows.map((r) => r.start))];
  const subjects = [...new Set(rows.map((r) => String(by ? r[by] : "")))].slice(0, most);
  const at = starts.map(() => new Map<string, Row>());
  const index = new Map(starts.map((s, i) => [s, i]));
  for (const row of rows) at[index.get(row.start)!]!.set(String(by ? row[by] : ""), row);
  const pick = (name: string) => subjects.map((s) => at.map((here) => number(here.get(s)?.[name])));
  return { starts, subjects, at, values: pick(figure), before: pick(`${figure}_previous`) };
}

export function Series({ rows, figure, by, bucket, zone, compare, f, names }: Props) {
  const { t } = useLanguage();
  const element = useRef<HTMLDivElement>(null);
  const colours = useColours();
  const [index, setIndex] = useState<number | null>(null);
  const lines = useMemo(() => linesOf(rows, figure, by), [rows, figure, by]);
  const daily = bucket === "1d" || bucket === "1w" || bucket === "1mo";
  const palette = [colours.accent, colours.second, colours.third, colours.strong, colours.good, colours.over, colours.ink, colours.soft];

  useEffect(() => {
    const box = element.current!;
    const bars = sums(figure) && lines.subjects.length === 1;
    const start = lines.starts.map((s) => Date.parse(s) / 1000);
    const stepped = uPlot.paths.stepped!({ align: 1 });
    const series: uPlot.Series[] = [{}];
    const data: (number | null)[][] = [start];
    lines.subjects.forEach((_, i) => {
      const colour = palette[i]!;
      series.push({
        stroke: colour, width: bars ? 0 : 1.6, fill: bars ? colour : lines.subjects.length === 1 ? `color-mix(in srgb, ${colour} 12%, transparent)` : undefined,
        paths: bars ? uPlot.paths.bars!({ size: [0.82, 60], align: 1, radius: 0.12 }) : stepped, points: { show: lines.starts.length < 3 && !bars }, spanGaps: false,
      });
      data.push(lines.values[i]!);
      if (!compare) return;
      series.push({ stroke: bars ? colours.ink : colour, width: 1.2, dash: [4, 4], paths: stepped, points: { show: false }, spanGaps: false });
      data.push(lines.before[i]!);
    });
    const axis = { stroke: colours.soft, font: '12px "Inter"', grid: { stroke: colours.rule, width: 1 }, ticks: { show: false } };
    const plot = new uPlot({
      width: Math.max(box.clientWidth, 200), height: box.clientHeight, padding: [12, 42, 0, 0], series, legend: { show: false },
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
      scales: { y: { range: (_, __, max) => [0, unitOf(figure) === "percent" ? Math.max(max * 1.08, 0.05) : Math.max(max * 1.08, 1)] }, x: { range: (_, min) => [min, Date.parse(rows[rows.length - 1]!.end) / 1000] } },
      axes: [
        { ...axis, grid: { show: false }, space: 72, size: 34, values: (u, at) => axisTimes(f, u, at, daily, zone) },
        { ...axis, size: 56, values: (_, ticks) => ticks.map((v) => write(f, figure, v)) },
      ],
      cursor: { x: true, y: false, points: { show: !bars }, drag: { x: false, y: false } },
      hooks: {
        setCursor: [(u) => setIndex(u.cursor.left! < 0 ? null : bucketAt(start, u.posToVal(u.cursor.left!, "x")))],
        drawClear: [(u) => shade(u, rows, colours.hatch)],
      },
    }, data as uPlot.AlignedData, box);
    const watch = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: box.clientHeight }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [lines, figure, compare, colours, f, zone]);

  const shown = index ?? null;
  const here = shown === null ? null : lines.at[shown];
  const first = here?.values().next().value;
  return (
    <figure className="series">
      <figcaption className="readout" aria-live="off">
        <strong>{lookup(t, "figure", figure)}</strong>
        <span>{first ? `${f.moment(first.start)} – ${daily ? f.day(Date.parse(first.end) - 1) : f.time(first.end)}` : lookup(t, "define", figure)}</span>
        {lines.subjects.map((s, i) => {
          const row = here?.get(s);
          return (
            <span key={s} className="entry"><i style={{ background: palette[i] }} />{by ? names(s) : ""}{row && <> <b>{why(t, row, row[figure]) || write(f, figure, row[figure])}</b>{compare && <small>{t("reports.before", { value: write(f, figure, row[`${figure}_previous`]) })}</small>}{row.partial && <small>{t("reports.partial")}</small>}</>}</span>
          );
        })}
      </figcaption>
      <div ref={element} className="plot" role="img" aria-label={t("reports.chart", { figure: lookup(t, "figure", figure) })} />
    </figure>
  );
}

/** bucketAt is the last bucket that begins no later. */
export function bucketAt(starts: number[], at: number): number | null {
  let i = starts.length - 1;
  while (i >= 0 && starts[i]! > at) i--;
  return i < 0 ? null : i;
}

function axisTimes(f: Format, u: uPlot, at: number[], daily: boolean, zone: string): string[] {
  const long = daily || (u.scales.x!.max! - u.scales.x!.min!) > 2.5 * 86_400;
  if (!long) return at.map((s) => f.time(s * 1000));
  return at.map((s) => (uPlot.tzDate(new Date(s * 1000), zone).getHours() === 0 ? f.day(s * 1000) : ""));
}
