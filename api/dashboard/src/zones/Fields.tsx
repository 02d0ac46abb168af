import type { Key } from "../i18n";
import { useLanguage } from "../i18n";
import { idOf, isLine, nameOf, type Feature } from "../lib/geometry";
import { isReversed, setId, setKind, setProperty, turned, type Draft, type Item } from "./draft";
import type { Fault } from "./server";
import type { Issue } from "./validity";

interface Props {
  item: Item;
  draft: Draft;
  issues: Issue[];
  faults: Fault[];
  disabled: boolean;
  isNew: boolean;
  onChange(feature: Feature, tag: string): void;
}

const known = ["id", "name", "kind", "capacity", "enter_after", "exit_after", "service", "wait_target", "location_id", "in"];
const text = (v: unknown) => (v == null ? "" : typeof v === "object" ? JSON.stringify(v) : String(v));
const numeric = /^\d+(\.\d+)?$/;

/** Fields are the properties that the zones file gives a meaning; others are kept. */
export function Fields(props: Props) {
  const { item: { key, feature }, draft, disabled, isNew, onChange } = props;
  const { t } = useLanguage();
  const set = (name: string) => (value: string) => {
    const asNumber = name !== "name" && numeric.test(value.trim());
    onChange(setProperty(feature, name, value === "" ? undefined : asNumber ? Number(value) : value), `${key} ${name}`);
  };
  const p = feature.properties ?? {};
  const field = (name: string, label: Key, hint = "") => (
    <Field {...props} name={name} label={t(label)}>
      {(a) => <input {...a} value={text(p[name])} placeholder={hint} disabled={disabled} onChange={(e) => set(name)(e.target.value)} />}
    </Field>
  );
  const zones = draft.filter((i) => !isLine(i.feature) && i.key !== key).map((i) => i.feature);
  const others = Object.keys(p).filter((name) => !known.includes(name));
  return (
    <div className="fields">
      {field("name", "zones.name")}
      <Field {...props} name="id" label={t("zones.id")} hint={isNew ? "" : t("zones.id.hint")}>
        {(a) => <input {...a} value={idOf(feature)} disabled={disabled} spellCheck={false} onChange={(e) => onChange(setId(feature, e.target.value), `${key} id`)} />}
      </Field>
      {isLine(feature)
        ? <div className="direction"><span>{t(isReversed(feature) ? "zones.direction.turned" : "zones.direction")}</span><button type="button" disabled={disabled} onClick={() => onChange(turned(feature), "")}>{t("zones.turn")}</button></div>
        : (
          <>
            <Field {...props} name="kind" label={t("zones.kind")}>
              {(a) => <Kind attributes={a} value={text(p.kind)} disabled={disabled} onChange={(v) => onChange(setKind(feature, v), "")} />}
            </Field>
            {field("capacity", "zones.capacity", t("zones.none"))}
            {(p.kind === "queue" || p.service != null) && (
              <>
                <Field {...props} name="service" label={t("zones.service")}>
                  {(a) => (
                    <select {...a} value={text(p.service)} disabled={disabled} onChange={(e) => onChange(setProperty(feature, "service", e.target.value || undefined), "")}>
                      <option value="">{t("zones.none")}</option>
                      {p.service != null && !zones.some((z) => idOf(z) === text(p.service)) && <option value={text(p.service)}>{text(p.service)}</option>}
                      {zones.map((z, i) => <option key={i} value={idOf(z)}>{nameOf(z)}</option>)}
                    </select>
                  )}
                </Field>
                {field("wait_target", "zones.wait_target", "3m")}
              </>
            )}
          </>
        )}
      {field("enter_after", "zones.enter_after", t("zones.default"))}
      {!isLine(feature) && field("exit_after", "zones.exit_after", t("zones.default"))}
      {others.length > 0 && <p className="kept">{t("zones.others", { names: others.join(", ") })}</p>}
    </div>
  );
}

interface Attributes { id: string; "aria-invalid": boolean; "aria-describedby"?: string }

function Kind({ attributes, value, disabled, onChange }: { attributes: Attributes; value: string; disabled: boolean; onChange(v: string): void }) {
  const { t } = useLanguage();
  return (
    <select {...attributes} value={value} disabled={disabled} onChange={(e) => onChange(e.target.value)}>
      <option value="">{t("zones.kind.none")}</option>
      <option value="queue">{t("zones.kind.queue")}</option>
      {value && value !== "queue" && <option value={value}>{value}</option>}
    </select>
  );
}

type FieldProps = Pick<Props, "issues" | "faults"> & { name: string; label: string; hint?: string; children(a: Attributes): React.ReactNode };

function Field({ name, label, hint, issues, faults, children }: FieldProps) {
  const { t } = useLanguage();
  const mine = issues.filter((i) => i.field === name), theirs = faults.filter((f) => f.field === name);
  const id = `zone-${name}`, told = mine.length + theirs.length > 0 || hint;
  return (
    <div className="zone-field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": mine.some((i) => !i.warning) || theirs.length > 0, "aria-describedby": told ? `${id}-told` : undefined })}
      {told && (
        <p id={`${id}-told`} className={mine.length || theirs.length ? "told" : "hint"}>
          {[...mine.map((i) => t(`zones.invalid.${i.reason}` as Key)), ...theirs.map((f) => f.text)].join(" ") || hint}
        </p>
      )}
    </div>
  );
}
