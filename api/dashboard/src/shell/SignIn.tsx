import { useState, type FormEvent } from "react";
import { failureOf } from "../api/client";
import { useLanguage } from "../i18n";

/** signOut has this browser forget the session. */
export const signOut = () => fetch("/api/v1/session", { method: "DELETE" });

/** SignIn exchanges a token for a cookie that scripts cannot read. */
export function SignIn({ onDone }: { onDone(): unknown }) {
  const { t } = useLanguage();
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  async function submit(e: FormEvent<HTMLFormElement>) {
    e.preventDefault();
    const token = String(new FormData(e.currentTarget).get("token")).trim();
    setBusy(true);
    try {
      const response = await fetch("/api/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }) });
      if (!response.ok) throw failureOf(response, await response.json().catch(() => null));
      onDone();
    } catch (e) {
      setWrong(t("signin.wrong", { why: e instanceof Error ? e.message : String(e) }));
    } finally {
      setBusy(false);
    }
  }
  return (
    <main className="signin">
      <form onSubmit={submit}>
        <h1>{t("signin.title")}</h1>
        <label>{t("signin.token")}<input name="token" type="password" autoComplete="current-password" required autoFocus spellCheck={false} aria-describedby="signin-hint" /></label>
        <p id="signin-hint">{t("signin.hint")}</p>
        {wrong && <p className="wrong" role="alert">{wrong}</p>}
        <button type="submit" className="primary" disabled={busy}>{t("signin.submit")}</button>
      </form>
    </main>
  );
}
