import { lazy, Suspense, useRef, type MouseEvent } from "react";
import { Failure, type Location } from "../api/client";
import { useLocations, useSession } from "../api/queries";
import { languages, useLanguage, type Key, type Language } from "../i18n";
import { go, mayLeave, query, useAddress } from "../lib/address";
import { LiveView } from "../live/LiveView";
import { FeedState } from "./FeedState";
import { Loading } from "./Loading";
import { SignIn, signOut } from "./SignIn";
import { themes, useTheme, type Theme } from "./theme";

const ReportsView = lazy(() => import("../reports/ReportsView").then((m) => ({ default: m.ReportsView })));
const ZonesView = lazy(() => import("../zones/ZonesView").then((m) => ({ default: m.ZonesView })));
const StatusView = lazy(() => import("../status/StatusView").then((m) => ({ default: m.StatusView })));
const KioskView = lazy(() => import("../kiosk/KioskView").then((m) => ({ default: m.KioskView })));

const views: { path: string; title: Key }[] = [
  { path: "/", title: "nav.live" }, { path: "/reports", title: "nav.reports" }, { path: "/zones", title: "nav.zones" }, { path: "/status", title: "nav.status" },
];

export function App() {
  const locations = useLocations();
  const session = useSession();
  const signedIn = () => Promise.all([locations.refetch(), session.refetch()]);
  const { path, params } = useAddress();
  const { t } = useLanguage();
  if (useDenied(locations)) return <SignIn onDone={signedIn} />;
  const all = locations.data;
  if (!all) return <Loading query={locations} />;
  const location = all.find((l) => String(l.location_id) === params.get("location")) ?? all[0];
  if (!location) return <p className="loading">{t("no.locations")}</p>;
  if (path === "/kiosk") return <Suspense><KioskView location={location} /></Suspense>;
  return (
    <>
      <a className="skip" href="#main">{t("skip")}</a>
      <Header path={path} location={location} all={all} onLeave={session.data?.required ? signedIn : undefined} />
      <main id="main" tabIndex={-1} key={location.location_id}>
        <Suspense fallback={<p className="loading" role="status">{t("loading")}</p>}>
          {path === "/reports" ? <ReportsView location={location} /> : path === "/zones" ? <ZonesView location={location} /> : path === "/status" ? <StatusView location={location} /> : <LiveView location={location} />}
        </Suspense>
      </main>
    </>
  );
}

/** useDenied says that a token is asked for, also while the question is put again: what is typed stays. */
function useDenied({ status, error }: Pick<ReturnType<typeof useLocations>, "status" | "error">): boolean {
  const denied = useRef(false);
  if (status !== "pending") denied.current = error instanceof Failure && error.status === 401;
  return denied.current;
}

export function follow(e: MouseEvent<HTMLAnchorElement>) {
  if (e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.button !== 0) return;
  e.preventDefault();
  go(e.currentTarget.pathname + e.currentTarget.search);
}

interface HeaderProps { path: string; location: Location; all: Location[]; onLeave?(): void }

function Header({ path, location, all, onLeave }: HeaderProps) {
  const { t, language, choose } = useLanguage();
  const [theme, setTheme] = useTheme();
  const { set } = useAddress();
  const to = (p: string) => p + query({ location: all.length > 1 ? String(location.location_id) : undefined });
  return (
    <header className="top">
      <a className="brand" href={to("/")} onClick={follow}><svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="6" cy="13.5" r="3.4" /><circle cx="13.6" cy="6.4" r="3.4" className="second" /></svg>Footfall</a>
      <nav aria-label={t("nav.label")}>
        {views.map((v) => <a key={v.path} href={to(v.path)} onClick={follow} aria-current={v.path === path ? "page" : undefined}>{t(v.title)}</a>)}
      </nav>
      <div className="top-place">
        {all.length > 1
          ? <select aria-label={t("location")} value={location.location_id} onChange={(e) => set({ location: e.target.value })}>{all.map((l) => <option key={l.location_id} value={l.location_id}>{l.name}</option>)}</select>
          : <strong>{location.name}</strong>}
        <FeedState location={location} />
      </div>
      <div className="top-choice">
        <a className="quiet" href={to("/kiosk")} onClick={follow}>{t("nav.kiosk")}</a>
        <a className="quiet" href="/docs">{t("nav.api")}</a>
        <select aria-label={t("theme")} value={theme} onChange={(e) => setTheme(e.target.value as Theme)}>{themes.map((x) => <option key={x} value={x}>{t(`theme.${x}`)}</option>)}</select>
        <select aria-label={t("language")} value={language} onChange={(e) => choose(e.target.value as Language)}>{Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{name}</option>)}</select>
        {onLeave && <button type="button" className="quiet" onClick={() => mayLeave() && signOut().then(onLeave)}>{t("signout")}</button>}
      </div>
    </header>
  );
}
