/** Metrics are Prometheus samples: by name, each with its labels. */
export interface Sample { labels: Record<string, string>; value: number }
export type Metrics = Map<string, Sample[]>;

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** parse reads the text format, as far as a page needs it. */
export function parse(text: string): Metrics {
  const all: Metrics = new Map();
  for (const row of text.split("\n")) {
    const m = row.startsWith("#") ? null : line.exec(row);
    if (!m) continue;
    const labels: Record<string, string> = {};
    for (const [, name, value] of (m[2] ?? "").matchAll(label)) labels[name!] = value!.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
    const samples = all.get(m[1]!) ?? [];
    samples.push({ labels, value: Number(m[3]) });
    all.set(m[1]!, samples);
  }
  return all;
}

/** sum adds up the samples that have these labels; null where there is none. */
export function sum(metrics: Metrics | undefined, name: string, labels: Record<string, string> = {}): number | null {
  const found = metrics?.get(name)?.filter((s) => Object.entries(labels).every(([k, v]) => s.labels[k] === v));
  return found?.length ? found.reduce((total, s) => total + s.value, 0) : null;
}
