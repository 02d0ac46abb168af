/** runs are the stretches of known values: a gap in the data is a gap in the line. */
export function runs(values: (number | null)[]): [number, number][][] {
  const all: [number, number][][] = [];
  let open: [number, number][] | null = null;
  values.forEach((v, i) => {
    if (v == null) open = null;
    else {
      if (!open) all.push((open = []));
      open.push([i, v]);
    }
  });
  return all;
}

export function Sparkline({ values, width = 120, height = 28, label }: { values: (number | null)[]; width?: number; height?: number; label: string }) {
  const most = Math.max(1, ...values.map((v) => v ?? 0));
  const x = (i: number) => (values.length < 2 ? 0 : (i / (values.length - 1)) * width);
  const y = (v: number) => height - 1.5 - (v / most) * (height - 3);
  const paths = runs(values).map((run) => run.map(([i, v], n) => `${n ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join(""));
  const areas = runs(values).map((run, n) => `${paths[n]}L${x(run[run.length - 1]![0]).toFixed(1)} ${height}L${x(run[0]![0]).toFixed(1)} ${height}Z`);
  return (
    <svg className="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path className="spark-area" d={areas.join("")} />
      <path className="spark-line" d={paths.join("")} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
