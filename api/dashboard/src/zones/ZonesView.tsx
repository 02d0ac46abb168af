import type { Location } from "../api/client"; export function ZonesView({ location }: { location: Location }) { return <p>{location.name}</p>; }
