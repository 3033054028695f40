/**
 * The way of a run: its set is frozen and previewed, a person starts it, and it goes on until nothing is left or it is
 * stopped. AWAITING: its start waits for a second person; one that is not approved stays so, as what was asked for.
 */
export type RunStatus =
  | "PREVIEWING"
  | "READY"
  | "AWAITING"
  | "RUNNING"
  | "PAUSED"
  | "FINISHED"
  | "STOPPED"
  | "DISCARDED";

/**
 * What became of one thing of a run. FROZEN: previewed at most; WAITING: its turn comes; SENT: a job is on its way;
 * RESOLVED and FAILED: how that job ended; CLOSED: nothing was left to do; SKIPPED: not what the preview saw any more;
 * LEFT_OUT: for a person, as the preview said; STOPPED: the run was stopped before its turn.
 */
export const itemStates = [
  "FROZEN",
  "WAITING",
  "SENT",
  "RESOLVED",
  "FAILED",
  "CLOSED",
  "SKIPPED",
  "LEFT_OUT",
  "STOPPED",
] as const;
export type ItemState = (typeof itemStates)[number];

/** What an operator can do to a run that exists. */
export type Steering = "pause" | "resume" | "stop" | "discard";

/** From which states a run may be steered, and where it goes; asked for in any other state, nothing happens. */
export const steerings = {
  pause: { from: ["RUNNING"], to: "PAUSED" },
  resume: { from: ["PAUSED"], to: "RUNNING" },
  stop: { from: ["RUNNING", "PAUSED"], to: "STOPPED" },
  discard: { from: ["PREVIEWING", "READY"], to: "DISCARDED" },
} as const satisfies Record<Steering, { from: readonly RunStatus[]; to: RunStatus }>;

/** A preview that is older than this is not what an operator agrees to any more. */
export const previewAgeMaxMs = 30 * 60_000;

/** True when the newest `limit` of the settled things have all failed: something is wrong that more tries do not mend. */
export function failsInARow(newestFirst: readonly ItemState[], limit: number): boolean {
  return newestFirst.length >= limit && newestFirst.slice(0, limit).every((state) => state === "FAILED");
}
