import type { Db } from "#server/platform/db.ts";

export type EventRow = Readonly<{ sequence: bigint | null; type: string; data: unknown; occurredAt: Date }>;

/** The numbered events of one mall after a position, in sequence. */
export async function findEventsAfter(
  db: Db,
  { mallId, after, type, limit }: { mallId: string; after: bigint; type?: string | undefined; limit: number },
): Promise<EventRow[]> {
  return db.event.findMany({
    where: { mallId, sequence: { gt: after }, ...(type === undefined ? {} : { type }) },
    orderBy: { sequence: "asc" },
    take: limit,
    select: { sequence: true, type: true, data: true, occurredAt: true },
  });
}
