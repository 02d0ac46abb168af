import type { Location } from "../api/client"; export function StatusView({ location }: { location: Location }) { return <p>{location.name}</p>; }
