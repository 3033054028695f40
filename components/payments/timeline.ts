import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

type PaymentEvent = PaymentRecord["events"][number];
type Cancel = PaymentRecord["cancels"][number];
type Announcement = PaymentRecord["announcements"][number];
type Delivery = Announcement["deliveries"][number];
type DeadLetter = PaymentRecord["deadLetters"][number];

export type DueJob =
  | "net-cancel"
  | "recover-cancel"
  | "follow-up-inquiry"
  | "reverse-orphan"
  | "deliver-webhook";

/** One line of a payment's timeline. `future` ones have not happened yet. */
export type TimelineEntry = Readonly<{ key: string; at: Date; future: boolean }> &
  (
    | Readonly<{ kind: "event"; event: PaymentEvent; cancel: Cancel | undefined }>
    | Readonly<{ kind: "webhook"; type: string; occurredAt: Date; delivery: Delivery }>
    | Readonly<{ kind: "deadLetter"; letter: DeadLetter; phase: "parked" | "redriven" | "resolved" }>
    | Readonly<{ kind: "due"; job: DueJob; attempt: number; webhookType: string | undefined }>
    | Readonly<{ kind: "netCancelDeadline" }>
  );

const dueJobs: readonly string[] = [
  "net-cancel",
  "recover-cancel",
  "follow-up-inquiry",
  "reverse-orphan",
  "deliver-webhook",
] satisfies DueJob[];

/**
 * Puts everything that is known of a payment in order, oldest first, what is still to come at the end: its own history,
 * webhooks, dead letters, the next tries and the net-cancel deadline (NC-7).
 */
export function timelineOf(record: PaymentRecord): TimelineEntry[] {
  const past = [...eventEntries(record), ...webhookEntries(record), ...deadLetterEntries(record)];
  const future = [...dueEntries(record), ...deadlineEntries(record)];
  return [...past.sort(byTime), ...future.sort(byTime)];
}

function byTime(a: TimelineEntry, b: TimelineEntry): number {
  return a.at.getTime() - b.at.getTime() || a.key.localeCompare(b.key, "en", { numeric: true });
}

function eventEntries({ events, cancels }: PaymentRecord): TimelineEntry[] {
  const kindsOf = (cancelId: string) =>
    events.filter((event) => event.cancelId === cancelId).map((event) => event.kind);
  return events
    .filter((event) => {
      if (event.kind !== "cancel_requested" || !event.cancelId) return true;
      // A cancel that was answered at once is one line, not two; the answer repeats what was asked.
      const kinds = kindsOf(event.cancelId);
      return (
        kinds.includes("cancel_unknown") ||
        !(kinds.includes("cancel_succeeded") || kinds.includes("cancel_failed"))
      );
    })
    .map((event) => ({
      kind: "event",
      key: `event-${event.id}`,
      at: event.at,
      future: false,
      event,
      cancel: cancels.find((cancel) => cancel.id === event.cancelId),
    }));
}

function webhookEntries({ announcements }: PaymentRecord): TimelineEntry[] {
  return announcements.flatMap(({ type, occurredAt, deliveries }) =>
    deliveries.map(
      (delivery): TimelineEntry => ({
        kind: "webhook",
        key: `webhook-${delivery.id}`,
        at: delivery.completedAt ?? delivery.tries.at(-1)?.startedAt ?? delivery.createdAt,
        future: false,
        type,
        occurredAt,
        delivery,
      }),
    ),
  );
}

function deadLetterEntries({ deadLetters }: PaymentRecord): TimelineEntry[] {
  return deadLetters.flatMap((letter) => {
    const entry = (phase: "parked" | "redriven" | "resolved", at: Date | null): TimelineEntry[] =>
      at
        ? [{ kind: "deadLetter", key: `letter-${letter.id}-${phase}`, at, future: false, letter, phase }]
        : [];
    return [
      ...entry("parked", letter.parkedAt),
      ...entry("redriven", letter.redrivenAt),
      ...entry("resolved", letter.resolvedAt),
    ];
  });
}

function dueEntries({ jobs, announcements, events }: PaymentRecord): TimelineEntry[] {
  // The first net cancel goes out with the request, before there is a job that counts.
  const netCancelTries = events.filter((event) => event.kind === "net_cancel_tried").length;
  return jobs
    .filter((job) => dueJobs.includes(job.jobName))
    .map((job, index) => {
      const deliveryId = (job.payload as { deliveryId?: unknown } | null)?.deliveryId;
      const announcement = announcements.find(({ deliveries }) =>
        deliveries.some((delivery) => delivery.id === deliveryId),
      );
      return {
        kind: "due",
        key: `due-${job.jobName}-${index}`,
        at: job.availableAt,
        future: true,
        job: job.jobName as DueJob,
        attempt: (job.jobName === "net-cancel" ? netCancelTries : job.attempts) + 1,
        webhookType: announcement?.type,
      };
    });
}

function deadlineEntries({ netCancelUntil }: PaymentRecord): TimelineEntry[] {
  return netCancelUntil
    ? [{ kind: "netCancelDeadline", key: "deadline", at: netCancelUntil, future: true }]
    : [];
}

/** A stretch of an approval's time, in milliseconds since the request came in. */
export type Hop = Readonly<{
  id: "validate" | "lock" | "commit1" | "van" | "rest";
  fromMs: number;
  durationMs: number;
  slow: boolean;
}>;

/** A hop of our own this long is worth a word. */
const ourSlowMs = 200;
/** Without a comparison, a VAN this slow is worth a word. */
const vanSlowMs = 1_000;

/**
 * Reads the hops that an approval recorded. What the total has beyond the measured hops is the second commit and the
 * reply. `null` when there is no total.
 */
export function hopsOf(
  detail: unknown,
  vanP95Ms: number | null,
): { hops: Hop[]; totalMs: number; aboveP95: boolean } | null {
  const ms = (name: string) => {
    const value = (detail as Readonly<Record<string, unknown>> | null)?.[name];
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const totalMs = ms("totalMs");
  if (totalMs === undefined) return null;
  const measured = [
    ["validate", ms("validateMs")],
    ["lock", ms("lockMs")],
    ["commit1", ms("commit1Ms")],
    ["van", ms("vanMs")],
  ] as const;
  const hops: Hop[] = [];
  let fromMs = 0;
  let aboveP95 = false;
  for (const [id, durationMs] of measured) {
    if (durationMs === undefined) continue;
    if (id === "van") aboveP95 = vanP95Ms !== null && durationMs > vanP95Ms;
    const slow =
      id === "van" ? (vanP95Ms === null ? durationMs >= vanSlowMs : aboveP95) : durationMs >= ourSlowMs;
    hops.push({ id, fromMs, durationMs, slow });
    fromMs += durationMs;
  }
  const restMs = totalMs - fromMs;
  // Less than half a millisecond is what the clocks differ by, not a hop.
  if (restMs >= 0.5) hops.push({ id: "rest", fromMs, durationMs: restMs, slow: restMs >= ourSlowMs });
  return { hops, totalMs, aboveP95 };
}
