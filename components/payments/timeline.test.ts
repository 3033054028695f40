import { describe, expect, test } from "vitest";
import { hopsOf, timelineOf } from "#components/payments/timeline.ts";
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
  const detail = { validateMs: 6, lockMs: 3, commit1Ms: 11, vanMs: 1_214, totalMs: 1_250 };

  test("follow each other and add up to the total", () => {
    const read = hopsOf(detail, null);
    expect(read?.hops.map((hop) => [hop.id, hop.fromMs])).toEqual([
      ["validate", 0],
      ["lock", 6],
      ["commit1", 9],
      ["van", 20],
      ["rest", 1_234],
    ]);
    expect(read?.hops.reduce((sum, hop) => sum + hop.durationMs, 0)).toBe(1_250);
  });

  test("call the VAN slow beside its p95, or from a second on without one", () => {
    expect(hopsOf(detail, 980)).toMatchObject({ aboveP95: true });
    expect(
      hopsOf(detail, 980)
        ?.hops.filter((hop) => hop.slow)
        .map((hop) => hop.id),
    ).toEqual(["van"]);
    expect(hopsOf(detail, 2_000)?.hops.some((hop) => hop.slow)).toBe(false);
    expect(
      hopsOf(detail, null)
        ?.hops.filter((hop) => hop.slow)
        .map((hop) => hop.id),
    ).toEqual(["van"]);
  });

  test("leave out what was not measured, and are nothing without a total", () => {
    expect(hopsOf({ vanMs: 40, totalMs: 50, lockMs: "3" }, null)?.hops.map((hop) => hop.id)).toEqual([
      "van",
      "rest",
    ]);
    expect(hopsOf({ vanMs: 40 }, null)).toBeNull();
    expect(hopsOf(null, null)).toBeNull();
  });
});
