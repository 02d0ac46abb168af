import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { en, type Key } from "./en";
import { fi } from "./fi";

export type { Key };
export const languages = { en: "English", fi: "Suomi" } as const;
export type Language = keyof typeof languages;
const catalogues: Record<Language, Record<Key, string>> = { en, fi };

/** translate fills {names} of a message. */
export function translate(language: Language, key: Key, values: Record<string, string | number> = {}): string {
  return catalogues[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
}

export type Translate = (key: Key, values?: Record<string, string | number>) => string;

interface Choice {
  language: Language;
  locale: string; // the reader's own variety of it, for numbers and times
  choose(language: Language): void;
  t: Translate;
}

const Context = createContext<Choice | null>(null);

function first(): Language {
  const stored = localStorage.getItem("language");
  if (stored === "en" || stored === "fi") return stored;
  return navigator.languages.some((l) => l.startsWith("fi")) ? "fi" : "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(first);
  useEffect(() => { document.documentElement.lang = language; }, [language]);
  const value = useMemo<Choice>(() => ({
    language,
    locale: navigator.languages.find((l) => l.startsWith(language)) ?? (language === "fi" ? "fi-FI" : "en-GB"),
    choose(to) {
      localStorage.setItem("language", to);
      setLanguage(to);
    },
    t: (key, values) => translate(language, key, values),
  }), [language]);
  return <Context value={value}>{children}</Context>;
}

export function useLanguage(): Choice {
  return useContext(Context)!;
}
