import { previewRedrive } from "#server/dead-letters/preview-redrive.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import type { ItemResult, RunKind } from "#server/work-runs/run-kind.ts";

const stateOf = {
  redriven: "SENT",
  closed: "CLOSED",
  already_resolved: "SKIPPED",
  already_redriven: "SKIPPED",
  needs_person: "SKIPPED",
  not_found: "SKIPPED",
} as const satisfies Record<string, ItemResult["state"]>;

/** What a run does to dead letters: it previews them by inquiry, and sends each once. */
export const redriveRun: RunKind = {
  name: "REDRIVE",
  leftOutOutcome: "PERSON",

  async preview(ctx, ids) {
    const letters = await previewRedrive(ctx, ids);
    return letters.map(({ id, outcome, why, asksVan, vanAmountMinor, statusNow, statusAfter }) => ({
      subjectId: id,
      outcome,
      why,
      detail: { asksVan, statusNow, statusAfter, vanAmountMinor: vanAmountMinor?.toString() },
    }));
  },

  async perform(sql, run, ids) {
    const results = await redriveDeadLetters(sql, ids, {
      reason: run.reason,
      actor: { type: "operator", id: run.startedBy, ipAddress: run.ipAddress ?? undefined },
      traceId: run.traceId,
      runId: run.id,
      gapMs: Math.floor(1_000 / run.itemsPerSecond),
    });
    return results.map(({ id, result }) => ({ subjectId: id, state: stateOf[result], result }));
  },
};
