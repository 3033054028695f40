import { deliveryDelaysMs } from "#server/webhooks/domain/delivery-schedule.ts";
import type { Random } from "./random.ts";
import type { Story, StoryEvent } from "./story.ts";

export type SeedEndpoint = Readonly<{ id: string; mallId: string; createdAt: Date }>;

export type DeliveryTry = Readonly<{
  startedAt: Date;
  durationMs: number;
  responseStatus: number | null;
  responseBody: string | null;
  error: string | null;
}>;

export type SeedDelivery = {
  /** Given when the rows are rendered. */
  id: string;
  letterId: string;
  readonly endpoint: SeedEndpoint;
  readonly story: Story;
  readonly event: StoryEvent;
  readonly tries: readonly DeliveryTry[];
  readonly status: "DELIVERED" | "DEAD" | "PENDING";
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  /** When the next try is due. */
  readonly nextAt: Date | null;
};

type Answer = Readonly<{
  status: number | null;
  body: string | null;
  error: string | null;
  durationMs: number;
}>;

const hourMs = 3_600_000;
const minuteMs = 60_000;
const troubles: readonly Omit<Answer, "durationMs">[] = [
  { status: 503, body: "upstream connect error", error: null },
  { status: 500, body: '{"error":"order not found"}', error: null },
  { status: 503, body: "Service Unavailable", error: null },
  { status: null, body: null, error: "timeout: no answer within 10 seconds" },
  { status: 500, body: '{"error":"duplicate key value"}', error: null },
  { status: null, body: null, error: "connect: the connection was refused" },
];

/** Delivers the events of the malls that listen: nearly all at once, some at the second try, a few never. */
export function tellDeliveries(
  random: Random,
  stories: readonly Story[],
  endpoints: readonly SeedEndpoint[],
  now: Date,
): SeedDelivery[] {
  const endpointOf = new Map(endpoints.map((endpoint) => [endpoint.mallId, endpoint]));
  const heard = stories.flatMap((story) => {
    const endpoint = endpointOf.get(story.payment.mallId);
    return endpoint
      ? story.events
          .filter((event) => event.at > endpoint.createdAt)
          .map((event) => ({ endpoint, story, event }))
      : [];
  });
  // What comes after an event of the same payment would have waited for it, so only the last ones fail for good or for long.
  const isLast = ({ story, event }: (typeof heard)[number]) => event === story.events.at(-1);
  const age = ({ event }: (typeof heard)[number]) => now.getTime() - event.at.getTime();
  const old = heard.filter((one) => isLast(one) && age(one) > 86 * hourMs && age(one) < 130 * hourMs);
  const dead = new Map(
    troubles.map(
      (trouble, i) => [old[Math.floor(((i + 0.5) * old.length) / troubles.length)], trouble] as const,
    ),
  );
  const waiting = new Set(
    heard.filter((one) => isLast(one) && age(one) > 7 * minuteMs && age(one) < 25 * minuteMs).slice(0, 2),
  );

  return heard.map((one) => {
    const createdAt = new Date(one.event.at.getTime() + random.int(60, 900));
    const trouble = dead.get(one);
    if (trouble)
      return deliver(
        random,
        one,
        createdAt,
        Array.from({ length: deliveryDelaysMs.length + 1 }, () => fail(random, trouble)),
        now,
      );
    if (waiting.has(one))
      return deliver(random, one, createdAt, [fail(random, troubles[0]), fail(random, troubles[0])], now);
    if (random.chance(0.015) && age(one) > minuteMs)
      return deliver(random, one, createdAt, [fail(random, troubles[0]), succeed(random)], now);
    return deliver(random, one, createdAt, [succeed(random)], now);
  });
}

function succeed(random: Random): Answer {
  return { status: 200, body: "ok", error: null, durationMs: Math.round(random.around(70, 0.5)) };
}

function fail(random: Random, trouble: Omit<Answer, "durationMs"> | undefined): Answer {
  if (!trouble) throw new Error("a delivery fails for no reason");
  const durationMs = trouble.error?.startsWith("timeout")
    ? 10_000 + random.int(1, 6)
    : Math.round(random.around(90, 0.5));
  return { ...trouble, durationMs };
}

function deliver(
  random: Random,
  { endpoint, story, event }: Pick<SeedDelivery, "endpoint" | "story" | "event">,
  createdAt: Date,
  answers: readonly Answer[],
  now: Date,
): SeedDelivery {
  let dueMs = createdAt.getTime() + random.int(10, 220);
  const tries: DeliveryTry[] = [];
  for (const [i, { durationMs, ...answer }] of answers.entries()) {
    tries.push({
      startedAt: new Date(dueMs),
      durationMs,
      responseStatus: answer.status,
      responseBody: answer.body,
      error: answer.status === 200 ? null : (answer.error ?? `status ${answer.status}`),
    });
    dueMs += durationMs + Math.round((deliveryDelaysMs[i] ?? 0) * (0.9 + random.next() * 0.2));
  }
  const last = tries.at(-1);
  if (!last) throw new Error("a delivery was never tried");
  const endedAt = new Date(last.startedAt.getTime() + last.durationMs);
  if (endedAt > now) throw new Error("a delivery ends in the future");
  const status =
    last.responseStatus === 200 ? "DELIVERED" : tries.length > deliveryDelaysMs.length ? "DEAD" : "PENDING";
  return {
    id: "",
    letterId: "",
    endpoint,
    story,
    event,
    tries,
    status,
    createdAt,
    endedAt: status === "PENDING" ? null : endedAt,
    nextAt: status === "PENDING" ? new Date(dueMs) : null,
  };
}

/** What the job's error says of a failed try. */
export function errorOf(one: DeliveryTry): string {
  return one.error ?? `status ${one.responseStatus}`;
}
