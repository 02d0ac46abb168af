import { useLanguage, type Key } from "../i18n";
import type { Mode } from "./EditorMap";

interface Props { mode: Mode; selected: "zone" | "line" | null; canUndo: boolean; canRedo: boolean; onMode(m: Mode): void; onType(shape: "zone" | "line"): void; placed: number; onFinish?(): void; onUndo(): void; onRedo(): void; onDelete(): void }

const drawn: [Mode, Key][] = [["zone", "zones.draw"], ["line", "zones.line"]];
const shaped: [Mode, Key][] = [["edit", "zones.edit"], ["move", "zones.move"], ["hole", "zones.cut"]];

/** Tools are buttons with names; pressed is what the mouse does on the floor. */
export function Tools({ mode, selected, canUndo, canRedo, onMode, onType, placed, onFinish, onUndo, onRedo, onDelete }: Props) {
  const { t } = useLanguage();
  const button = ([m, title]: [Mode, Key], disabled = false) => <button key={m} type="button" aria-pressed={mode === m} disabled={disabled} onClick={() => onMode(mode === m ? "select" : m)}>{t(title)}</button>;
  return (
    <div className="tools" role="toolbar" aria-label={t("zones.mode")}>
      {drawn.map((d) => button(d))}
      <button type="button" onClick={() => onType("zone")}>{t("zones.type.zone")}</button>
      <button type="button" onClick={() => onType("line")}>{t("zones.type.line")}</button>
      <i aria-hidden="true" />
      {shaped.map((d) => button(d, !selected || (d[0] === "hole" && selected === "line")))}
      <button type="button" disabled={!selected} onClick={onDelete}>{t("zones.delete")}</button>
      <i aria-hidden="true" />
      <button type="button" disabled={!canUndo && !placed} onClick={onUndo}>{t("zones.undo")}</button>
      <button type="button" disabled={!canRedo} onClick={onRedo}>{t("zones.redo")}</button>
      {(mode === "zone" || mode === "line" || mode === "hole") && (
        <>
          <i aria-hidden="true" />
          <button type="button" className="primary" disabled={!onFinish} onClick={onFinish}>{t("zones.finish")}</button>
          <button type="button" onClick={() => onMode("select")}>{t("zones.cancel")}</button>
        </>
      )}
    </div>
  );
}
