import type { Tone } from "#components/ui/status-badge.tsx";
import type { XViewOutcome } from "#server/x-view/x-view.values.ts";

/** A shape and a tone per outcome: colour is never alone. `path` is in a box of 16, filled. */
export const outcomeLooks: Readonly<Record<XViewOutcome, { tone: Tone; path: string }>> = {
  done: { tone: "ok", path: "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z" },
  declined: {
    tone: "bad",
    path: "M2.6 4.2 4.2 2.6 8 6.4l3.8-3.8 1.6 1.6L9.6 8l3.8 3.8-1.6 1.6L8 9.6l-3.8 3.8-1.6-1.6L6.4 8z",
  },
  failed: { tone: "warn", path: "M8 2.5 14.5 13.5H1.5z" },
  netCanceled: { tone: "rev", path: "M3 3h10v10H3z" },
  unknown: { tone: "unk", path: "M8 1l7 7-7 7-7-7z" },
};
