import { useLanguage } from "../i18n";
import { nameOf } from "../lib/geometry";
import { changesOf, itemOf, type Draft } from "./draft";
import type { Clash } from "./merge";

interface Props { base: Draft; theirs: Draft; shown: boolean; onShow(on: boolean): void; onReload(): void; onRebase(): void }

/** Conflict tells that somebody else saved, what they changed, and what can be done. */
export function Conflict({ base, theirs, shown, onShow, onReload, onRebase }: Props) {
  const { t } = useLanguage();
  const changes = [...changesOf(base, theirs)];
  return (
    <div className="conflict" role="alert">
      <p>{t("zones.conflict")}</p>
      {shown && (
        <ul aria-label={t("zones.conflict.what")}>
          {changes.map(([key, change]) => <li key={key}><strong>{nameOf((itemOf(theirs, key) ?? itemOf(base, key))!.feature)}</strong> {t(`zones.change.${change}`)}</li>)}
          {!changes.length && <li>{t("zones.conflict.same")}</li>}
        </ul>
      )}
      <div className="row">
        <button type="button" aria-pressed={shown} onClick={() => onShow(!shown)}>{t("zones.conflict.see")}</button>
        <button type="button" className="primary" onClick={onRebase}>{t("zones.conflict.mine")}</button>
        <button type="button" onClick={onReload}>{t("zones.conflict.theirs")}</button>
      </div>
    </div>
  );
}

/** Clashes are where both had changed the same, and mine was kept. */
export function Clashes({ clashes, draft }: { clashes: Clash[]; draft: Draft }) {
  const { t } = useLanguage();
  if (!clashes.length) return null;
  return (
    <div className="conflict" role="status">
      <p>{t("zones.clash")}</p>
      <ul>{clashes.map((c) => <li key={c.key}><strong>{itemOf(draft, c.key) ? nameOf(itemOf(draft, c.key)!.feature) : c.key}</strong>: {c.what.map((w) => (w === "deleted" ? t("zones.clash.deleted") : w)).join(", ")}</li>)}</ul>
    </div>
  );
}
