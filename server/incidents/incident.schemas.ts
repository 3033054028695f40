import { z } from "zod";
import { incidentNoteLimit } from "#server/incidents/incident.values.ts";

export const acknowledgeIncidentSchema = z.object({
  /** The id as text: React Query keys and JSON have no bigint. */
  id: z.string().regex(/^[1-9]\d{0,17}$/),
  note: z.string().trim().min(1).max(incidentNoteLimit),
});
