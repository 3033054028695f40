/** What kinds of things become an incident. VAN_ORPHAN: money live at the VAN after its payment had ended. INVARIANT: the verifier found a broken rule. */
export const incidentKinds = ["VAN_ORPHAN", "INVARIANT"] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** `page`: a person is to look now; `ticket`: within the day. */
export const incidentSeverities = ["page", "ticket"] as const;
export type IncidentSeverity = (typeof incidentSeverities)[number];
export const incidentNoteLimit = 500;
