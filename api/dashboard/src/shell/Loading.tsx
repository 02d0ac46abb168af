import { useLanguage } from "../i18n";

interface Query { error: Error | null; isLoading: boolean; refetch(): unknown }

/** Loading says what keeps a view from being shown. */
export function Loading({ query }: { query: Query }) {
  const { t } = useLanguage();
  if (!query.error) return <p className="loading" role="status">{t("loading")}</p>;
  return (
    <div className="failed" role="alert">
      <p>{t("failed", { why: query.error.message })}</p>
      <button type="button" onClick={() => query.refetch()}>{t("retry")}</button>
    </div>
  );
}
