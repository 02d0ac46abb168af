/** Plan is a location's floor plan: where its picture is, and where that lies on the floor in cm. */
export interface Plan { url: string; x: number; y: number; width: number; height: number }
