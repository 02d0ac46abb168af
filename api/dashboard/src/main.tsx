import "./styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Failure } from "./api/client";
import { LanguageProvider } from "./i18n";
import { App } from "./shell/App";

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 1000, retry: (n, e) => n < 2 && !(e instanceof Failure && e.status >= 400 && e.status < 500) },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <LanguageProvider>
      <QueryClientProvider client={queries}><App /></QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
