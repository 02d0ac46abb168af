import { useMemo } from "react";
import type { Location } from "../api/client";

/** Plan is a location's floor plan: where its picture is, and where that lies on the floor in cm. */
export interface Plan { url: string; x: number; y: number; width: number; height: number }

/** usePlan stays the same until the plan changes. */
export function usePlan(location: Location): Plan | null {
  const p = location.plan;
  const { location_id: id } = location;
  return useMemo(
    () => (p ? { url: `/api/v1/locations/${id}/plan?v=${encodeURIComponent(p.etag)}`, x: p.x, y: p.y, width: p.width, height: p.height } : null),
    [id, p?.etag],
  );
}
