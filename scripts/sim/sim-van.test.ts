import { describe, expect, test } from "vitest";
import { chanceOf } from "#scripts/sim/chance.ts";
import { Scheduler } from "#scripts/sim/scheduler.ts";
import { SimProcess } from "#scripts/sim/sim-process.ts";
import { SimVan, type VanFault, type VanVerb } from "#scripts/sim/sim-van.ts";

const deadline = { connectTimeoutMs: 3_000, totalTimeoutMs: 20_000 };

function aVan(unknownOriginal: "tombstone" | "notfound", faults: Partial<Record<VanVerb, VanFault[]>> = {}) {
  const scheduler = new Scheduler(chanceOf(1, "test"));
  const van = new SimVan("SBX1", unknownOriginal, {
    scheduler,
    random: chanceOf(1, "van"),
    liveOfOrder: new Map(),
  });
  van.chooseFault = ({ verb }) => faults[verb]?.shift() ?? { kind: "none" };
  const gateway = van.gatewayOf(new SimProcess(scheduler, "a", chanceOf(1, "a")));
  const originalOf = (traceNo: string) => ({
    traceNo,
    mallId: "mall_1",
    orderId: "S-000001",
    amountMinor: 1_000n,
    currency: "KRW",
    requestedAt: new Date(scheduler.nowMs),
  });
  const original = originalOf("T1");
  const approve = (of = original) =>
    gateway.approve(
      {
        original: of,
        orderName: "책",
        taxFreeMinor: 0n,
        vatMinor: 91n,
        card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12", installmentMonths: 0 },
      },
      deadline,
    );
  const cancel = (
    traceNo: string,
    amountMinor: bigint,
    balanceBeforeMinor: bigint,
    approvalNo = "30000001",
  ) =>
    gateway.cancel(
      {
        original,
        traceNo,
        approvalNo,
        amountMinor,
        taxFreeMinor: 0n,
        vatMinor: 0n,
        balanceBeforeMinor,
        partial: amountMinor < 1_000n,
      },
      deadline,
    );
  const run = async <T>(asked: Promise<T>): Promise<T> => {
    await scheduler.run(1_000);
    return asked;
  };
  return { scheduler, van, gateway, original, originalOf, approve, cancel, run };
}

describe("the simulated VAN", () => {
  test.each([
    ["tombstone", "declined"],
    ["notfound", "approved"],
  ] as const)(
    "that leaves a %s answers an approval that comes after its net cancel: %s",
    async (semantics, state) => {
      const { van, gateway, original, approve, run } = aVan(semantics, {
        approve: [{ kind: "late", delayMs: 40_000 }],
      });
      const approved = approve();
      const reversed = gateway.netCancel({ original }, deadline);
      expect(await run(reversed)).toMatchObject({ kind: "original_not_found" });
      expect(await approved).toMatchObject({ kind: "unknown", because: "timeout" });
      expect(van.approvals.get("T1")?.state).toBe(state);
    },
  );

  test("acts once on a trace number, however often it comes", async () => {
    const { van, approve, cancel, run } = aVan("tombstone", { approve: [{ kind: "duplicated" }] });
    expect(await run(approve())).toMatchObject({ kind: "approved", approvalNo: "30000001" });
    expect(await run(cancel("C1", 400n, 1_000n))).toMatchObject({ kind: "canceled" });
    expect(await run(cancel("C1", 400n, 1_000n))).toMatchObject({ kind: "canceled" });
    expect(van.approvals.get("T1")).toMatchObject({ state: "approved", canceledMinor: 400n });
    expect(await run(cancel("C2", 700n, 600n))).toMatchObject({
      kind: "refused",
      refusal: "NOT_CANCELABLE_AMOUNT",
    });
  });

  test("does what it was asked though nobody hears or trusts its answer", async () => {
    for (const kind of ["reply_lost", "garbled", "wrong_amount", "unknown_code"] as const) {
      const { van, approve, run } = aVan("tombstone", { approve: [{ kind }] });
      expect(await run(approve())).toMatchObject({ kind: "unknown" });
      expect(van.approvals.get("T1")?.state).toBe("approved");
    }
  });

  test("never sees what was lost or could not be sent", async () => {
    for (const [kind, outcome] of [
      ["request_lost", "unknown"],
      ["refused_connection", "not_sent"],
    ] as const) {
      const { van, approve, run } = aVan("tombstone", { approve: [{ kind }] });
      expect(await run(approve())).toMatchObject({ kind: outcome });
      expect(van.approvals.size).toBe(0);
    }
  });

  test("takes no net cancel of what it has acquired, and a cancel instead", async () => {
    const { van, gateway, original, approve, cancel, run } = aVan("tombstone", {
      approve: [{ kind: "acquired" }],
    });
    await run(approve());
    expect(await run(gateway.netCancel({ original }, deadline))).toMatchObject({ kind: "already_acquired" });
    expect(await run(gateway.inquire({ original, traceNo: "T1" }, deadline))).toMatchObject({
      kind: "found",
      state: "approved",
      approvalNo: "30000001",
    });
    expect(await run(cancel("R1", 1_000n, 1_000n))).toMatchObject({ kind: "canceled" });
    expect(await run(gateway.netCancel({ original }, deadline))).toMatchObject({ kind: "canceled" });
    expect(van.approvals.get("T1")?.canceledMinor).toBe(1_000n);
  });

  test("notices two approvals of one order that are live at once, and only those", async () => {
    const { van, gateway, original, originalOf, approve, run } = aVan("notfound");
    await run(approve());
    await run(gateway.netCancel({ original }, deadline));
    await run(approve(originalOf("T2")));
    expect(van.overlaps).toEqual([]);
    await run(approve(originalOf("T3")));
    expect(van.overlaps).toEqual([{ orderId: "S-000001", traceNos: ["T2", "T3"] }]);
  });
});
