import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { client, Failure, unwrap, type Location } from "../api/client";
import { useLocations, useReady } from "../api/queries";
import { useLanguage } from "../i18n";
import { useFormat } from "../lib/format";
import { Loading } from "../shell/Loading";
import { parse, sum, type Metrics } from "./metrics";

const every = 2000;

interface Taken { metrics: Metrics; at: number }

function useMetrics() {
  const before = useRef<Taken | null>(null);
  const query = useQuery({
    queryKey: ["metrics"], refetchInterval: every,
    queryFn: async (): Promise<{ now: Taken; before: Taken | null }> => {
      const response = await fetch("/metrics", { cache: "no-store", headers: { Accept: "text/plain" } });
      if (!response.ok) throw new Failure(response.status, response.statusText);
      const now = { metrics: parse(await response.text()), at: performance.now() };
      const last = before.current;
      before.current = now;
      return { now, before: last };
    },
  });
  const { now, before: last } = query.data ?? {};
  const of = (name: string, labels?: Record<string, string>) => sum(now?.metrics, name, labels);
  const rate = (name: string, labels?: Record<string, string>) => {
    const a = sum(last?.metrics, name, labels), b = of(name, labels);
    return a === null || b === null || !now || !last ? null : ((b - a) / (now.at - last.at)) * 1000;
  };
  return { of, rate };
}

export function StatusView({ location }: { location: Location }) {
  const { t } = useLanguage();
  const f = useFormat(location.timezone);
  const ready = useReady();
  const locations = useLocations();
  const alive = useQuery({ queryKey: ["livez"], queryFn: () => unwrap(client.GET("/livez")), refetchInterval: 10_000 });
  const { of, rate } = useMetrics();
  if (!ready.data) return <Loading query={ready} />;
  const state = ready.data;
  const started = of("process_start_time_seconds");
  const facts: [string, string][] = [
    [t("status.version"), alive.data?.version ?? "–"],
    [t("status.uptime"), started === null ? "–" : f.duration(Date.now() / 1000 - started)],
    [t("status.database"), f.bytes(of("footfall_database_bytes"))],
    [t("status.flush"), `${f.number((of("footfall_flush_seconds") ?? NaN) * 1000, 1)} ms`],
    [t("status.failures"), f.number(of("footfall_flush_failures_total"))],
    [t("status.memory"), f.bytes(of("process_resident_memory_bytes"))],
    [t("status.clients"), f.number(of("footfall_relay_registered"))],
  ];
  return (
    <div className="status">
      <h1 className={state.ready ? "verdict" : "verdict bad"}><i />{t(state.ready ? "status.ready" : "status.unready")}</h1>
      {state.store && <p className="wrong" role="alert">{t("status.store", { why: state.store })}</p>}
      {state.clock_behind_seconds > 0 && <p className="wrong">{t("status.clock", { seconds: f.number(state.clock_behind_seconds, 1) })}</p>}
      <dl className="cards">{facts.map(([name, value]) => <div key={name} className="card"><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <section className="panel" tabIndex={0} role="region" aria-labelledby="feeds">
        <h2 id="feeds">{t("status.feeds")}</h2>
        <table>
          <thead><tr><th scope="col">{t("status.feeds")}</th><th scope="col">{t("status.state")}</th><th scope="col">{t("status.since")}</th><th scope="col" className="num">{t("status.rate")}</th><th scope="col" className="num">{t("status.messages")}</th><th scope="col" className="num">{t("status.malformed")}</th></tr></thead>
          <tbody>
            {state.feeds.map((feed, i) => {
              const labels = { feed: `${i} ${feed.feed}` };
              return (
                <tr key={labels.feed}>
                  <th scope="row">{feed.feed}</th>
                  <td className={feed.state === "connected" ? "" : "wrong"} title={feed.error}>{t(`state.${feed.state}`)}{feed.error && <><br /><small>{feed.error}</small></>}</td>
                  <td>{f.moment(feed.since)}</td>
                  <td className="num">{f.number(rate("footfall_feed_messages_total", labels), 0)}</td>
                  <td className="num">{f.number(of("footfall_feed_messages_total", labels))}</td>
                  <td className="num">{f.number(of("footfall_feed_malformed_total", labels))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <section className="panel" tabIndex={0} role="region" aria-labelledby="places">
        <h2 id="places">{t("status.locations")}</h2>
        <table>
          <thead><tr><th scope="col">{t("location")}</th><th scope="col">{t("status.state")}</th><th scope="col" className="num">{t("status.people")}</th><th scope="col" className="num">{t("status.rate")}</th><th scope="col" className="num">{t("status.tracks")}</th><th scope="col" className="num">{t("status.stitched")}</th><th scope="col" className="num">{t("status.ghosts")}</th><th scope="col" className="num">{t("status.expired")}</th><th scope="col" className="num">{t("status.noise")}</th></tr></thead>
          <tbody>
            {(locations.data ?? []).map((l) => {
              const labels = { location: String(l.location_id) };
              const count = (name: string) => <td className="num">{f.number(of(`footfall_${name}`, labels))}</td>;
              return (
                <tr key={l.location_id}>
                  <th scope="row">{l.name}</th>
                  <td className={l.connected ? "" : "wrong"}>{l.connected ? t("feed.connected") : l.since ? t("feed.gap", { since: f.moment(l.since) }) : t("feed.gap.never")}</td>
                  {count("people")}
                  <td className="num">{f.number(rate("footfall_messages_total", labels), 0)}</td>
                  {count("tracks_total")}{count("tracks_stitched_total")}{count("tracks_ghosts_total")}{count("tracks_expired_total")}
                  <td className="num">{f.number(of("footfall_sensor_noise_centimetres", labels), 1)} cm</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}
