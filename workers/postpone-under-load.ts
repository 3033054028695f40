import type { Workshop } from "#server/outbox/run-message.ts";
import type { Admission } from "#server/platform/admission.ts";

const waitMinMs = 2_000;

/**
 * The same workshop, in which webhook sends wait while this process is under load (reliability §5.8): postponed by two to
 * six seconds without counting as a try. Recovery of money is never postponed.
 */
export function postponeUnderLoad(workshop: Workshop, admission: Pick<Admission, "turnsAway">): Workshop {
  const registry = new Map(workshop.registry);
  for (const [name, entry] of registry) {
    if (entry.job.queue !== "webhooks") continue;
    registry.set(name, {
      ...entry,
      perform: async (ctx, payload, attempt) =>
        admission.turnsAway("webhook_send")
          ? {
              kind: "again",
              reason: "INTERNAL",
              error: "the worker is busy with payments",
              delayMs: waitMinMs * (1 + 2 * ctx.random()),
              countsAsAttempt: false,
            }
          : entry.perform(ctx, payload, attempt),
    });
  }
  return { ...workshop, registry };
}
