import { type AuditLine, searchAudit } from "#server/audit/audit-queries.ts";
import type { Db } from "#server/platform/db.ts";
import type { CircuitState, MessageFailure } from "#server/van/domain/circuit.ts";
import type { VanHistorySearch } from "#server/van/van.schemas.ts";

/** What operators do to VANs, as the audit log names it. */
const vanActions = [
  "van.approvals_stopped",
  "van.approvals_resumed",
  "van.weights_changed",
  "van.fault_set",
  "van.fault_cleared",
] as const;
export type VanAction = (typeof vanActions)[number];

export type VanHistoryEntry =
  | Readonly<{
      kind: "circuit";
      key: string;
      at: Date;
      vanCode: string;
      from: CircuitState;
      to: CircuitState;
      reason: MessageFailure | null;
      role: "web" | "worker";
    }>
  | Readonly<{
      kind: "operator";
      key: string;
      at: Date;
      action: VanAction;
      /** A VAN's code, or for weights the name of a mall. */
      target: string;
      byName: string | null;
      detail: AuditLine["detail"];
    }>;

export type VanHistoryPage = Readonly<{
  entries: readonly VanHistoryEntry[];
  nextCursor: NonNullable<VanHistorySearch["cursor"]> | null;
}>;

/** What happened to the VANs, newest first: what operators did, from the audit log, and every change of a circuit. */
export async function readVanHistory(db: Db, { cursor, limit }: VanHistorySearch): Promise<VanHistoryPage> {
  const [{ entries: audited }, changes] = await Promise.all([
    searchAudit(db, {
      filter: { actor: [], action: [...vanActions], outcome: [], target: "", contains: "" },
      cursor: cursor?.auditSeq ?? null,
      limit: limit + 1,
    }),
    db.vanCircuitChange.findMany({
      where: cursor?.changeId ? { id: { lt: cursor.changeId } } : {},
      orderBy: { id: "desc" },
      take: limit + 1,
    }),
  ]);
  const malls = await mallNames(db, audited);
  const all = [
    ...audited.map((line) => ({ id: line.seq, entry: toOperatorEntry(line, malls) })),
    ...changes.map((change) => ({
      id: change.id,
      entry: {
        kind: "circuit",
        key: `c${change.id}`,
        at: change.at,
        vanCode: change.vanCode,
        // The table's own CHECK allows no other states, and only a gateway writes reasons.
        from: change.fromState as CircuitState,
        to: change.toState as CircuitState,
        reason: change.reason as MessageFailure | null,
        role: change.role as "web" | "worker",
      } satisfies VanHistoryEntry,
    })),
  ].sort((one, other) => other.entry.at.getTime() - one.entry.at.getTime());
  const page = all.slice(0, limit);
  const last = (kind: VanHistoryEntry["kind"]) =>
    page.findLast(({ entry }) => entry.kind === kind)?.id ?? null;
  return {
    entries: page.map(({ entry }) => entry),
    nextCursor:
      all.length > limit
        ? {
            auditSeq: last("operator") ?? cursor?.auditSeq ?? null,
            changeId: last("circuit") ?? cursor?.changeId ?? null,
          }
        : null,
  };
}

function toOperatorEntry(line: AuditLine, malls: ReadonlyMap<string, string>): VanHistoryEntry {
  return {
    kind: "operator",
    key: `a${line.seq}`,
    at: line.at,
    action: line.action as VanAction,
    target: malls.get(line.targetId) ?? line.targetId,
    byName: line.actorName,
    detail: line.detail,
  };
}

async function mallNames(db: Db, lines: readonly AuditLine[]): Promise<ReadonlyMap<string, string>> {
  const ids = lines.flatMap(({ targetType, targetId }) => (targetType === "mall" ? [targetId] : []));
  if (ids.length === 0) return new Map();
  const malls = await db.mall.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(malls.map(({ id, name }) => [id, name]));
}
