import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { failureOf, type Location } from "../api/client";
import { useLanguage } from "../i18n";

const numberOf = (data: FormData, name: string) => String(data.get(name)).trim().replace(",", ".").replace("−", "-");

/** PlanForm uploads a floor plan and says where it lies; without another file it moves the one there is. */
export function PlanForm({ location }: { location: Location }) {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [told, setTold] = useState<{ text: string; wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const { plan } = location;
  const path = `/api/v1/locations/${location.location_id}/plan`;
  const match: Record<string, string> = plan ? { "If-Match": plan.etag } : {};

  async function send(request: () => Promise<Response>, done: string) {
    setBusy(true);
    setTold(null);
    try {
      const response = await request();
      if (!response.ok) throw failureOf(response, await response.json().catch(() => null));
      setTold({ text: done, wrong: false });
      form.current?.reset();
    } catch (e) {
      setTold({ text: t("plan.failed", { why: e instanceof Error ? e.message : String(e) }), wrong: true });
    } finally {
      await queries.invalidateQueries({ queryKey: ["locations"] });
      setBusy(false);
    }
  }

  function submit(e: FormEvent<HTMLFormElement>) {
    e.preventDefault();
    const data = new FormData(e.currentTarget);
    const file = data.get("file") as File;
    const place = new URLSearchParams(["scale", "x", "y"].map((n) => [n, numberOf(data, n)]));
    void send(async () => {
      const picture = file.size ? file : await (await fetch(path, { cache: "no-cache" })).blob();
      return fetch(`${path}?${place}`, { method: "PUT", body: picture, headers: { ...match, "Content-Type": picture.type } });
    }, t("plan.saved"));
  }

  const field = (name: string, label: string, value: number) => (
    <label>{label}<input name={name} inputMode="decimal" required defaultValue={value} pattern="\s*[\-−]?[0-9]+([.,][0-9]+)?\s*" /></label>
  );
  return (
    <details className="plan-form">
      <summary>{t("plan.title")}</summary>
      <form ref={form} key={plan?.etag ?? "none"} onSubmit={submit}>
        <label className="wide">{t(plan ? "plan.other" : "plan.file")}<input type="file" name="file" accept="image/png,image/svg+xml" required={!plan} /></label>
        {field("scale", t("plan.scale"), plan?.scale ?? 1)}{field("x", t("plan.x"), plan?.x ?? 0)}{field("y", t("plan.y"), plan?.y ?? 0)}
        <div className="row wide">
          <button type="submit" className="primary" disabled={busy}>{t("plan.save")}</button>
          {plan && <button type="button" disabled={busy} onClick={() => void send(() => fetch(path, { method: "DELETE", headers: match }), t("plan.removed"))}>{t("plan.remove")}</button>}
        </div>
      </form>
      <p className={told?.wrong ? "told" : "note"} role="status">{told?.text ?? t("plan.hint")}</p>
    </details>
  );
}
