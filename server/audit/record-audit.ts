import type { Sql } from "#server/platform/db.ts";

export type AuditEntry = Readonly<{
  actor: Readonly<{ type: "operator" | "mall" | "system"; id: string }>;
  /** `noun.past_participle`, such as `payment.cancel_requested`. */
  action: string;
  target: Readonly<{ type: string; id: string }>;
  /** `failure`: it was tried and did not work; `refused`: it was not allowed. */
  outcome: "success" | "failure" | "refused";
  ipAddress?: string | null | undefined;
  /** Facts of the action. Never a secret, a password or a whole card number. */
  detail?: Readonly<Record<string, unknown>>;
}>;

/** A Prisma client or transaction, as far as this needs one. */
export interface PrismaSql {
  $queryRaw(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<unknown>;
}

const appendStatement = {
  name: "audit-append",
  text: "SELECT audit_append($1, $2, $3, $4, $5, $6, $7, $8::jsonb) AS seq",
};

/** JSON of the detail; amounts are said as decimal text, because JSON has no bigint. */
function toJson(detail: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(detail, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/**
 * Appends to the hash-chained audit log. Pass the transaction of the change, so that both commit or neither does; it
 * holds the chain's lock until then, so call it last and let nothing slow follow.
 */
export async function recordAudit(tx: Sql | PrismaSql, entry: AuditEntry): Promise<void> {
  const { actor, action, target, outcome } = entry;
  const ipAddress = entry.ipAddress ?? null;
  const detail = toJson(entry.detail ?? {});
  if ("run" in tx) {
    await tx.run(appendStatement, [
      actor.type,
      actor.id,
      action,
      target.type,
      target.id,
      outcome,
      ipAddress,
      detail,
    ]);
    return;
  }
  await tx.$queryRaw`
    SELECT audit_append(${actor.type}, ${actor.id}, ${action}, ${target.type}, ${target.id}, ${outcome}, ${ipAddress}, ${detail}::jsonb)::text AS seq`;
}
