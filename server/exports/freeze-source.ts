import type { ExportSource } from "#server/exports/export.schemas.ts";
import { freezePaymentFilter } from "#server/payments/search-payments.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * The list as it is meant at `at`, whenever it is read: named periods become instants, and what comes later is not in it.
 * Throws `INVALID_REQUEST` for a period that is none.
 */
export async function freezeSource(
  ctx: Pick<Context, "db" | "now">,
  source: ExportSource,
  at: Date,
): Promise<ExportSource> {
  switch (source.kind) {
    case "PAYMENTS":
      return { ...source, filter: await freezePaymentFilter(ctx, source.filter, at) };
    case "AUDIT": {
      const { to } = source.filter;
      return { ...source, filter: { ...source.filter, to: to && to < at ? to : at } };
    }
    default:
      return source;
  }
}
