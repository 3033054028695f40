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

/**
 * A stretch of an approval's time, in milliseconds since the request came in. `durationMs` is null when it was not
 * recorded. `shownTenths` is the same in tenths of a millisecond, rounded so that the column adds up as printed.
 */
export type Hop = Readonly<{
  id: "validate" | "lock" | "commit1" | "van" | "judge" | "commit2" | "answer";
  fromMs: number;
  durationMs: number | null;
  shownTenths: number | null;
  slow: boolean;
}>;

/** A hop of our own this long is worth a word. */
const ourSlowMs = 200;
/** Without a comparison, a VAN this slow is worth a word. */
const vanSlowMs = 1_000;

const tenths = (ms: number) => Math.round(ms * 10);

/**
 * Reads the hops of an approval: those its own record holds, and the commit and the answer after it, which are recorded
 * apart (`timing`) and may be missing. The total goes as far as the hops are known without a gap; `isWhole` says that
 * is the mall's answer. `null` when nothing was measured.
 */
export function hopsOf(
  detail: unknown,
  vanP95Ms: number | null,
  timing: Readonly<{ commit2Ms: number; answerMs: number }> | null,
): { hops: Hop[]; totalMs: number; totalTenths: number; isWhole: boolean; aboveP95: boolean } | null {
  const ms = (name: string) => {
    const value = (detail as Readonly<Record<string, unknown>> | null)?.[name];
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const knownMs = ms("totalMs");
  if (knownMs === undefined) return null;
  const vanMs = ms("vanMs");
  const aboveP95 = vanMs !== undefined && vanP95Ms !== null && vanMs > vanP95Ms;
  const before = [
    ["validate", ms("validateMs")],
    ["lock", ms("lockMs")],
    ["commit1", ms("commit1Ms")],
    ["van", vanMs],
  ] as const;
  const measured: [Hop["id"], number][] = before.flatMap(([id, durationMs]) =>
    durationMs === undefined ? [] : [[id, durationMs]],
  );
  const judgeMs = knownMs - measured.reduce((sum, [, durationMs]) => sum + durationMs, 0);
  // Less than half a millisecond is what the clocks differ by, not a hop.
  if (judgeMs >= 0.5) measured.push(["judge", judgeMs]);
  if (timing) measured.push(["commit2", timing.commit2Ms], ["answer", timing.answerMs]);

  const hops: Hop[] = [];
  let fromMs = 0;
  for (const [id, durationMs] of measured) {
    const slow =
      id === "van" ? (vanP95Ms === null ? durationMs >= vanSlowMs : aboveP95) : durationMs >= ourSlowMs;
    const shownTenths = tenths(fromMs + durationMs) - tenths(fromMs);
    hops.push({ id, fromMs, durationMs, shownTenths, slow });
    fromMs += durationMs;
  }
  const total = { totalMs: fromMs, totalTenths: tenths(fromMs), aboveP95 };
  if (timing) return { ...total, hops, isWhole: true };
  const unrecorded = { fromMs, durationMs: null, shownTenths: null, slow: false };
  return {
    ...total,
    hops: [...hops, { ...unrecorded, id: "commit2" }, { ...unrecorded, id: "answer" }],
    isWhole: false,
  };
}

/** The webhook type that tells a mall of this outcome. */
const announcementOf: Readonly<Record<string, string>> = {
  approved: "payment.approved",
  declined: "payment.failed",
  not_sent: "payment.failed",
  unknown: "payment.unknown",
};

/** A stretch between an outcome and the mall's ear, in milliseconds since the outcome. */
export type DeliveryHop = Readonly<{ key: string; fromMs: number; durationMs: number }> &
  (
    | Readonly<{ kind: "wait" }>
    | Readonly<{ kind: "try"; attempt: number; status: number | null }>
    /** The tries in the middle of many. */
    | Readonly<{ kind: "more"; count: number }>
  );

export type DeliveryHops = Readonly<{
  deliveryId: string;
  url: string;
  status: Delivery["status"];
  hops: readonly DeliveryHop[];
  /** From the outcome to the end of the last try. */
  totalMs: number;
}>;

/** More tries than this are told by their first and their last. */
const triesShown = 3;

/** Each try of a delivery, in milliseconds since what it tells of happened; one begins when the one before has ended. */
function placeTries(
  { tries }: Pick<Delivery, "tries">,
  occurredAt: Date,
): readonly Readonly<{ made: Delivery["tries"][number]; fromMs: number; untilMs: number }>[] {
  let endMs = 0;
  return tries.map((made) => {
    // Worker and web may stand on machines whose clocks differ by a little.
    const fromMs = Math.max(endMs, made.startedAt.getTime() - occurredAt.getTime());
    endMs = fromMs + made.durationMs;
    return { made, fromMs, untilMs: endMs };
  });
}

/** How long after it happened the mall had been told, or the last try had ended, in milliseconds; null before the first try. */
export function heardAfterMs(delivery: Pick<Delivery, "tries">, occurredAt: Date): number | null {
  return placeTries(delivery, occurredAt).at(-1)?.untilMs ?? null;
}

/** How the outcome of an approval travelled on to the mall's endpoints: the wait before each try, and the try. */
export function deliveryHopsOf(
  record: Pick<PaymentRecord, "announcements">,
  eventKind: string,
): DeliveryHops[] {
  const type = announcementOf[eventKind];
  const announcement = record.announcements.find((one) => one.type === type);
  if (!announcement) return [];
  return announcement.deliveries.flatMap((delivery) => {
    const placed = placeTries(delivery, announcement.occurredAt);
    const last = placed.at(-1);
    if (!last) return [];
    const isLong = placed.length > triesShown;
    const hops: DeliveryHop[] = [];
    let shownUntilMs = 0;
    for (const [index, one] of placed.entries()) {
      if (isLong && index > 0 && one !== last) continue;
      const { made, fromMs } = one;
      const between = { fromMs: shownUntilMs, durationMs: fromMs - shownUntilMs };
      hops.push(
        isLong && one === last
          ? { key: "more", kind: "more", count: placed.length - 2, ...between }
          : { key: `wait-${made.attempt}`, kind: "wait", ...between },
        {
          key: `try-${made.attempt}`,
          kind: "try",
          attempt: made.attempt,
          status: made.responseStatus,
          fromMs,
          durationMs: made.durationMs,
        },
      );
      shownUntilMs = one.untilMs;
    }
    return [
      {
        deliveryId: delivery.id,
        url: delivery.endpoint.url,
        status: delivery.status,
        hops,
        totalMs: last.untilMs,
      },
    ];
  });
}
