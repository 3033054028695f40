import type { Db } from "#server/platform/db.ts";
import type { ResendStatus } from "#server/webhooks/resend-repository.ts";

/** One resend as the screens show it. */
export type ResendLine = Readonly<{
  id: string;
  status: ResendStatus;
  reason: string;
  startedByName: string;
  stoppedByName: string | null;
  total: number;
  place: number;
  resent: number;
  hastened: number;
  skipped: number;
  createdAt: Date;
  finishedAt: Date | null;
  /** What became of the deliveries that were sent again. */
  delivered: number;
  waiting: number;
  dead: number;
}>;

/** A resend with what its deliveries came to; `undefined` when there is none of that id. */
export async function readResend(db: Db, id: string): Promise<ResendLine | undefined> {
  const [line] = await db.$queryRaw<ResendLine[]>`
    SELECT r.id, r.status, r.reason, coalesce(s.name, r.started_by) AS "startedByName", coalesce(t.name, r.stopped_by) AS "stoppedByName",
      r.total, r.place, r.resent, r.hastened, r.skipped, r.created_at AS "createdAt", r.finished_at AS "finishedAt",
      coalesce(f.delivered, 0) AS delivered, coalesce(f.waiting, 0) AS waiting, coalesce(f.dead, 0) AS dead
    FROM webhook_resend r LEFT JOIN operator s ON s.id = r.started_by LEFT JOIN operator t ON t.id = r.stopped_by
    LEFT JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE d.status = 'DELIVERED'))::int AS delivered, (count(*) FILTER (WHERE d.status = 'PENDING'))::int AS waiting,
        (count(*) FILTER (WHERE d.status = 'DEAD'))::int AS dead
      FROM webhook_resend_item i JOIN webhook_delivery d ON d.id = i.delivery_id
      WHERE i.resend_id = r.id AND i.result IN ('RESENT', 'HASTENED')) f ON true
    WHERE r.id = ${id}`;
  return line;
}

/** The ids of the resends that run now, the newest first; few, because each is started by a person. */
export async function readRunningResends(db: Db): Promise<readonly { id: string }[]> {
  return db.webhookResend.findMany({
    where: { status: "RUNNING" },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 10,
    select: { id: true },
  });
}
