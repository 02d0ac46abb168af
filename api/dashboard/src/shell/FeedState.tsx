import { useEffect, useState } from "react";
import { useLive } from "../api/counts";
import type { Location } from "../api/client";
import { useLanguage } from "../i18n";
import { dateIn } from "../lib/zoned";
import { useFormat } from "../lib/format";

/** FeedState is always in sight: whether the counts are of now, and if not, since when. */
export function FeedState({ location }: { location: Location }) {
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const live = useLive();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 5000);
    return () => clearInterval(timer);
  }, []);
  if (live.failure) return <p className="feed gap" role="status"><i />{t("feed.server")}<span className="feed-hint">{t("feed.gap.hint")}</span></p>;
  const connected = live.byLocation.get(location.location_id)?.connected ?? location.connected;
  const today = location.since && dateIn(location.timezone, new Date(location.since)) === dateIn(location.timezone, new Date());
  const since = location.since && (today ? f.time(location.since) : f.moment(location.since));
  if (!connected) {
    return <p className="feed gap" role="status"><i />{since ? t("feed.gap", { since }) : t("feed.gap.never")}<span className="feed-hint">{t("feed.gap.hint")}</span></p>;
  }
  return <p className="feed" role="status"><i />{since ? t("feed.connected.since", { since }) : t("feed.connected")}</p>;
}
