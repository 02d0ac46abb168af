import type { Location } from "../api/client"; export function KioskView({ location }: { location: Location }) { return <p>{location.name}</p>; }
