import { useEffect, useState } from "react";

const names = ["accent", "second", "third", "strong", "good", "over", "ink", "soft", "rule", "hatch", "surface", "paper"] as const;
export type Colours = Record<(typeof names)[number], string>;

function read(): Colours {
  const probe = document.createElement("i");
  document.body.append(probe);
  const all = {} as Colours;
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    all[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return all;
}

/** useColours are those of the appearance that is on, for what draws on a canvas. */
export function useColours(): Colours {
  const [colours, setColours] = useState(read);
  useEffect(() => {
    const update = () => setColours(read());
    const watch = new MutationObserver(update);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", update);
    return () => {
      watch.disconnect();
      scheme.removeEventListener("change", update);
    };
  }, []);
  return colours;
}
