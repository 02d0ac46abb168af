import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { Failure } from "../api/client";
import { useSession } from "../api/queries";
import { changesOf } from "./draft";
import { isDirty, reduce, start, type Editor } from "./editor";
import { faultsOf, fetchZones, previewZones, saveZones, type Fault, type Held, type Preview } from "./server";
import { issuesOf } from "./validity";

/** kept are drafts of views that went away by themselves, such as when a session ended. */
const kept = new Map<number, Editor>();

export const forget = (location: number) => void kept.delete(location);

export type Outcome = { is: "saved" } | { is: "failed"; why: string } | null;

/** mayChange is whether whoever is signed in may save. */
export function useMayChange(): boolean {
  const session = useSession().data;
  return !session?.required || session.scope === "write" || session.scope === "admin";
}

export function useEditor(location: number, held: Held) {
  const [editor, dispatch] = useReducer(reduce, null, () => kept.get(location) ?? start(held.collection, held.tag));
  useEffect(() => dispatch({ do: "server", ...held }), [held]);
  const latest = useRef(editor);
  latest.current = editor;
  useEffect(() => () => {
    if (isDirty(latest.current)) kept.set(location, latest.current);
  }, [location]);
  const draft = editor.history.now;
  const changes = useMemo(() => changesOf(editor.base.draft, draft), [editor.base.draft, draft]);
  useEffect(() => {
    if (!changes.size) forget(location);
  }, [changes, location]);
  const issues = useMemo(() => issuesOf(draft, location), [draft, location]);
  const wrong = useMemo(() => new Set([...issues].filter(([key, all]) => changes.has(key) && all.some((i) => !i.warning)).map(([key]) => key)), [issues, changes]);
  return { editor, dispatch, draft, changes, issues, wrong };
}

type Use = ReturnType<typeof useEditor>;

/** useSaving saves what the draft is; what the server refuses changes nothing here. */
export function useSaving(location: number, { editor, dispatch, draft }: Use) {
  const queries = useQueryClient();
  const [faults, setFaults] = useState<Fault[]>([]);
  const [outcome, setOutcome] = useState<Outcome>(null);
  const [busy, setBusy] = useState(false);

  const refused = useCallback(async (failure: Failure) => {
    setOutcome({ is: "failed", why: failure.message });
    if (failure.status === 422) setFaults(faultsOf(failure, draft));
    if (failure.status !== 409 && failure.status !== 412 && failure.status !== 428) return;
    const now = await fetchZones(location).catch(() => null);
    if (!now) return;
    dispatch({ do: "server", ...now });
    if (now.tag !== editor.base.tag) setOutcome(null); // the conflict says it
  }, [draft, editor.base.tag, location, dispatch]);

  const save = useCallback(async () => {
    setBusy(true);
    setFaults([]);
    try {
      const now = await saveZones(location, draft, editor.base.tag);
      dispatch({ do: "saved", sent: draft, ...now });
      queries.setQueryData(["zones", location], now);
      setOutcome({ is: "saved" });
    } catch (e) {
      await refused(e instanceof Failure ? e : new Failure(0, String(e)));
    } finally {
      setBusy(false);
    }
  }, [location, draft, editor.base.tag, dispatch, queries, refused]);

  useEffect(() => { if (isDirty(editor)) setOutcome((o) => (o?.is === "saved" ? null : o)); }, [editor]);
  return { save, busy, outcome, faults: faults.filter((f) => !f.key || draft.some((i) => i.key === f.key && i.feature === f.feature)) };
}

export function usePreview(location: number, draft: Use["draft"]) {
  const [preview, setPreview] = useState<{ answer: Preview; of: Use["draft"] } | null>(null);
  const [why, setWhy] = useState<Failure | null>(null);
  const ask = useCallback(async () => {
    setWhy(null);
    try {
      setPreview({ answer: await previewZones(location, draft), of: draft });
    } catch (e) {
      setPreview(null);
      setWhy(e instanceof Failure ? e : new Failure(0, String(e)));
    }
  }, [location, draft]);
  return { preview, why, ask };
}
