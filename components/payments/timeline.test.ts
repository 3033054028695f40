import { describe, expect, test } from "vitest";
import { deliveryHopsOf, heardAfterMs, hopsOf, timelineOf } from "#components/payments/timeline.ts";
import type { PaymentRecord } from "#server/payments/read-payment-record.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 5, 0, seconds));
const event = (id: number, kind: string, seconds: number, cancelId: string | null = null) => ({
  id: BigInt(id),
  kind,
  at: at(seconds),
  cancelId,
});

function aRecord(named: Record<string, unknown>): PaymentRecord {
  return {
    events: [],
    cancels: [],
    announcements: [],
    deadLetters: [],
    jobs: [],
    netCancelUntil: null,
    ...named,
  } as never;
}

const kinds = (record: PaymentRecord) =>
  timelineOf(record).map((entry) => (entry.kind === "event" ? entry.event.kind : entry.kind));

describe("a timeline", () => {
  test("puts history, webhooks and dead letters in the order they happened, and the future last", () => {
    const record = aRecord({
      events: [event(1, "requested", 0), event(2, "unknown", 4), event(10, "net_cancel_tried", 6)],
      announcements: [
        {
          type: "payment.unknown",
          occurredAt: at(4),
          deliveries: [{ id: "whd_1", createdAt: at(5), completedAt: at(5), tries: [] }],
        },
      ],
      deadLetters: [{ id: "dl_1", parkedAt: at(60), redrivenAt: at(90), resolvedAt: null }],
      jobs: [{ jobName: "net-cancel", payload: {}, availableAt: at(30), attempts: 2 }],
      netCancelUntil: at(3_600),
    });
    expect(kinds(record)).toEqual([
      "requested",
      "unknown",
      "webhook",
      "net_cancel_tried",
      "deadLetter",
      "deadLetter",
      "due",
      "netCancelDeadline",
    ]);
    expect(timelineOf(record).map((entry) => entry.future)).toEqual([...Array(6).fill(false), true, true]);
  });

  test("keeps the order of events of one instant", () => {
    const record = aRecord({
      events: [event(9, "requested", 0), event(10, "approved", 0), event(11, "cancel_unknown", 0)],
    });
    expect(kinds(record)).toEqual(["requested", "approved", "cancel_unknown"]);
  });

  test("says a cancel that was answered at once in one line, and one that was not in all of them", () => {
    const cancels = [{ id: "cxl_1" }, { id: "cxl_2" }, { id: "cxl_3" }];
    const record = aRecord({
      cancels,
      events: [
        event(1, "cancel_requested", 1, "cxl_1"),
        event(2, "cancel_succeeded", 1, "cxl_1"),
        event(3, "cancel_requested", 2, "cxl_2"),
        event(4, "cancel_unknown", 6, "cxl_2"),
        event(5, "cancel_failed", 9, "cxl_2"),
        event(6, "cancel_requested", 12, "cxl_3"),
      ],
    });
    expect(kinds(record)).toEqual([
      "cancel_succeeded",
      "cancel_requested",
      "cancel_unknown",
      "cancel_failed",
      "cancel_requested",
    ]);
  });

  test("counts the net-cancel try inside the request, which no job knows of", () => {
    const record = aRecord({
      events: [event(1, "unknown", 4), event(2, "net_cancel_tried", 6), event(3, "net_cancel_tried", 12)],
      jobs: [{ jobName: "net-cancel", payload: {}, availableAt: at(30), attempts: 1 }],
    });
    expect(timelineOf(record).at(-1)).toMatchObject({ job: "net-cancel", attempt: 3 });
  });

  test("names the event of a webhook that is due, and the number of its next try", () => {
    const record = aRecord({
      announcements: [
        {
          type: "payment.approved",
          occurredAt: at(0),
          deliveries: [{ id: "whd_1", createdAt: at(0), completedAt: null, tries: [] }],
        },
      ],
      jobs: [
        { jobName: "deliver-webhook", payload: { deliveryId: "whd_1" }, availableAt: at(300), attempts: 1 },
      ],
    });
    expect(timelineOf(record).at(-1)).toMatchObject({
      job: "deliver-webhook",
      attempt: 2,
      webhookType: "payment.approved",
    });
  });
});

describe("the hops of an approval", () => {
  const detail = { validateMs: 6, lockMs: 3, commit1Ms: 11, vanMs: 1_214, totalMs: 1_235 };
  const timing = { commit2Ms: 14, answerMs: 2 };

  test("follow each other from the request to the answer and add up to the total", () => {
    const read = hopsOf(detail, null, timing);
    expect(read?.hops.map((hop) => [hop.id, hop.fromMs])).toEqual([
      ["validate", 0],
      ["lock", 6],
      ["commit1", 9],
      ["van", 20],
      ["judge", 1_234],
      ["commit2", 1_235],
      ["answer", 1_249],
    ]);
    expect(read).toMatchObject({ totalMs: 1_251, isWhole: true });
    expect(read?.hops.reduce((sum, hop) => sum + (hop.durationMs ?? 0), 0)).toBe(1_251);
  });

  test("end before the second commit when that was not recorded, and never guess it", () => {
    const read = hopsOf(detail, null, null);
    expect(read).toMatchObject({ totalMs: 1_235, isWhole: false });
    expect(read?.hops.slice(-2).map(({ id, durationMs }) => [id, durationMs])).toEqual([
      ["commit2", null],
      ["answer", null],
    ]);
  });

  test("add up as printed, whatever the fractions are", () => {
    for (let round = 0; round < 500; round++) {
      const part = () => (round * 7.13 + Math.sqrt(round + 2) * 3.77) % 9;
      const [validateMs, lockMs, commit1Ms, vanMs] = [part(), part() / 3, part() / 7, part() * 31];
      const totalMs = validateMs + lockMs + commit1Ms + vanMs + part();
      const read = hopsOf({ validateMs, lockMs, commit1Ms, vanMs, totalMs }, null, {
        commit2Ms: part() / 9,
        answerMs: part() / 11,
      });
      expect(read?.hops.reduce((sum, hop) => sum + (hop.shownTenths ?? 0), 0)).toBe(read?.totalTenths);
    }
  });

  test("call the VAN slow beside its p95, or from a second on without one", () => {
    const slow = (p95: number | null) =>
      hopsOf(detail, p95, timing)
        ?.hops.filter((hop) => hop.slow)
        .map((hop) => hop.id);
    expect(hopsOf(detail, 980, timing)).toMatchObject({ aboveP95: true });
    expect(slow(980)).toEqual(["van"]);
    expect(slow(2_000)).toEqual([]);
    expect(slow(null)).toEqual(["van"]);
  });

  test("leave out what was not measured, and are nothing without a total", () => {
    expect(hopsOf({ vanMs: 40, totalMs: 50, lockMs: "3" }, null, timing)?.hops.map((hop) => hop.id)).toEqual([
      "van",
      "judge",
      "commit2",
      "answer",
    ]);
    expect(hopsOf({ vanMs: 40 }, null, timing)).toBeNull();
    expect(hopsOf(null, null, timing)).toBeNull();
  });
});

describe("the way of an outcome to the mall", () => {
  const made = (attempt: number, afterMs: number, durationMs: number, responseStatus: number | null) => ({
    attempt,
    startedAt: new Date(at(0).getTime() + afterMs),
    durationMs,
    responseStatus,
    error: null,
  });
  const told = (tries: ReturnType<typeof made>[]) =>
    deliveryHopsOf(
      aRecord({
        announcements: [
          { type: "payment.unknown", occurredAt: at(0), deliveries: [] },
          {
            type: "payment.approved",
            occurredAt: at(0),
            deliveries: [{ id: "whd_1", status: "DELIVERED", endpoint: { url: "https://mall" }, tries }],
          },
        ],
      }),
      "approved",
    );

  test("is the wait before each try and the try itself, without a gap", () => {
    const [way] = told([made(1, 400, 90, 503), made(2, 5_600, 80, 200)]);
    expect(way?.hops.map(({ kind, fromMs, durationMs }) => [kind, fromMs, durationMs])).toEqual([
      ["wait", 0, 400],
      ["try", 400, 90],
      ["wait", 490, 5_110],
      ["try", 5_600, 80],
    ]);
    expect(way?.totalMs).toBe(5_680);
  });

  test("is told by its first and last try when there were many", () => {
    const [way] = told([1, 2, 3, 4, 5].map((n) => made(n, n * 1_000, 100, n === 5 ? 200 : 500)));
    expect(way?.hops.map((hop) => (hop.kind === "try" ? hop.attempt : hop.kind))).toEqual([
      "wait",
      1,
      "more",
      5,
    ]);
    expect(way?.hops[2]).toMatchObject({ count: 3, fromMs: 1_100, durationMs: 3_900 });
  });

  test("takes as long as the timeline says it took, with one try and with many, whatever the clocks", () => {
    for (const tries of [
      [made(1, 28, 50, 200)],
      [made(1, -30, 90, 200)],
      [1, 2, 3, 4, 5].map((n) => made(n, n * 100, 150, n === 5 ? 200 : 500)),
    ])
      expect(heardAfterMs({ tries } as never, at(0))).toBe(told(tries)[0]?.totalMs);
    expect(heardAfterMs({ tries: [made(1, 28, 50, 200)] } as never, at(0))).toBe(78);
    expect(heardAfterMs({ tries: [] } as never, at(0))).toBeNull();
  });

  test("never runs backwards when two clocks differ, and is nothing before the first try", () => {
    expect(told([made(1, -30, 90, 200)])[0]?.hops[0]).toMatchObject({ kind: "wait", durationMs: 0 });
    expect(told([])).toEqual([]);
    expect(deliveryHopsOf(aRecord({}), "net_canceled")).toEqual([]);
  });
});
