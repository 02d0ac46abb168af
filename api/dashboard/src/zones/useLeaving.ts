import { useEffect } from "react";
import { guardLeaving } from "../lib/address";

/** useLeaving asks before what is not saved is left, by a link, by the browser's buttons or by closing. */
export function useLeaving(unsaved: boolean, question: string, onLeave: () => void) {
  useEffect(() => {
    if (!unsaved) return;
    const stop = guardLeaving(() => {
      const leaves = window.confirm(question);
      if (leaves) onLeave();
      return leaves;
    });
    const closing = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener("beforeunload", closing);
    return () => {
      stop();
      window.removeEventListener("beforeunload", closing);
    };
  }, [unsaved, question, onLeave]);
}
