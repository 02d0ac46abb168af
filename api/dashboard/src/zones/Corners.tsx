import { useEffect, useState } from "react";
import { useLanguage } from "../i18n";
import { isLine, type Feature, type Point } from "../lib/geometry";
import { pathsOf, setPath, type Path } from "./draft";

interface Props { feature: Feature; disabled: boolean; onChange(feature: Feature, tag: string): void }

/** Corners are the shape as numbers: all that can be drawn can be typed. */
export function Corners({ feature, disabled, onChange }: Props) {
  const { t } = useLanguage();
  const paths = pathsOf(feature);
  const holes = paths.filter((p) => p.ring > 0);
  const title = (p: Path) => (isLine(feature) ? t("zones.points") : p.ring === 0 ? t("zones.outline") : t("zones.hole", { n: holes.indexOf(p) + 1 }));
  return (
    <details className="corners" open>
      <summary>{t("zones.corners")}</summary>
      {paths.map((p) => (
        <PathTable key={`${p.part} ${p.ring}`} title={title(p)} path={p} disabled={disabled} least={isLine(feature) ? 2 : 3}
          removable={p.ring > 0} onChange={(corners, tag) => onChange(setPath(feature, p.part, p.ring, corners), tag)} />
      ))}
    </details>
  );
}

interface TableProps { title: string; path: Path; disabled: boolean; least: number; removable: boolean; onChange(corners: Point[], tag: string): void }

function PathTable({ title, path, disabled, least, removable, onChange }: TableProps) {
  const { t } = useLanguage();
  const { corners } = path;
  const put = (i: number, axis: 0 | 1, value: number) =>
    onChange(corners.map((c, n) => (n === i ? (axis ? [c[0], value] : [value, c[1]]) : c)), `corner ${path.part} ${path.ring} ${i} ${axis}`);
  const add = (i: number) => {
    const a = corners[i]!, b = corners[i + 1] ?? (least === 3 ? corners[0]! : [a[0] + 100, a[1]]);
    onChange(corners.toSpliced(i + 1, 0, [Math.round((a[0] + b[0]) / 2), Math.round((a[1] + b[1]) / 2)]), "");
  };
  return (
    <table>
      <caption>{title}{removable && !disabled && <button type="button" className="quiet" aria-label={`${t("zones.hole.remove")}: ${title}`} onClick={() => onChange([], "")}>{t("zones.hole.remove")}</button>}</caption>
      <thead><tr><th scope="col">#</th><th scope="col">x, cm</th><th scope="col">y, cm</th><th scope="col"><span className="unseen">{t("zones.mode")}</span></th></tr></thead>
      <tbody>
        {corners.map((c, i) => (
          <tr key={i}>
            <th scope="row">{i + 1}</th>
            {([0, 1] as const).map((axis) => <td key={axis}><Coordinate label={`${title}, ${t("zones.corner", { n: i + 1 })}, ${axis ? "y" : "x"}`} value={c[axis]} disabled={disabled} onChange={(v) => put(i, axis, v)} /></td>)}
            <td>
              <button type="button" disabled={disabled} aria-label={`${title}: ${t("zones.corner.add", { n: i + 1 })}`} title={t("zones.corner.add", { n: i + 1 })} onClick={() => add(i)}>+</button>
              <button type="button" disabled={disabled || corners.length <= least} aria-label={`${title}: ${t("zones.corner.remove", { n: i + 1 })}`} title={t("zones.corner.remove", { n: i + 1 })} onClick={() => onChange(corners.toSpliced(i, 1), "")}>−</button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Coordinate lets one type what is no number yet, such as a minus. */
function Coordinate({ label, value, disabled, onChange }: { label: string; value: number; disabled: boolean; onChange(v: number): void }) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped((now) => (parse(now) === value ? now : String(value))), [value]);
  return (
    <input inputMode="decimal" aria-label={label} value={typed} disabled={disabled} aria-invalid={Number.isNaN(parse(typed))}
      onChange={(e) => {
        setTyped(e.target.value);
        const v = parse(e.target.value);
        if (!Number.isNaN(v)) onChange(v);
      }}
      onBlur={() => setTyped(String(value))} />
  );
}

function parse(s: string): number {
  const plain = s.trim().replace(",", ".").replace("−", "-");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}
