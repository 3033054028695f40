import { expect, test } from "vitest";
import { lastAnswerOf, speakerOf, strandedWithout } from "#components/vans/van-view.ts";
import type { VanBoard, VanInProcess, VanOnBoard } from "#server/van/van-board-queries.ts";

const at = new Date("2026-11-19T05:32:07Z");

function aProcess(over: Partial<VanInProcess> = {}): VanInProcess {
  return {
    processId: "p1",
    role: "web",
    state: "CLOSED",
    since: at,
    reason: null,
    nextProbeAt: null,
    isReachable: true,
    inFlight: 0,
    lastAnswerAt: null,
    lastError: null,
    seenAt: at,
    ...over,
  };
}

function aVan(code: string, malls: string[], over: Partial<VanOnBoard> = {}): VanOnBoard {
  return {
    code,
    name: code,
    protocol: "HTTP_JSON",
    isSandbox: true,
    stopped: null,
    processes: [aProcess()],
    routes: malls.map((name) => ({ mallId: name, mallName: name, weight: 50, share: 0.5 })),
    ...over,
  };
}

const board = (...vans: VanOnBoard[]): VanBoard => ({ at, inFlightMax: 256, vans });

test("the worst circuit that sends approvals speaks for a VAN", () => {
  const worker = aProcess({ processId: "w", role: "worker", state: "OPEN" });
  const open = aProcess({ processId: "p2", state: "OPEN" });
  const half = aProcess({ processId: "p3", state: "HALF_OPEN" });
  expect(speakerOf({ processes: [aProcess(), half, open, worker] })?.processId).toBe("p2");
  expect(speakerOf({ processes: [aProcess(), worker] })?.processId).toBe("p1");
  expect(speakerOf({ processes: [worker] })?.processId).toBe("w");
  expect(speakerOf({ processes: [] })).toBeUndefined();
});

test("the newest answer of any process counts", () => {
  const earlier = new Date(at.getTime() - 1_000);
  expect(
    lastAnswerOf({
      processes: [aProcess({ lastAnswerAt: earlier }), aProcess({ lastAnswerAt: at }), aProcess()],
    }),
  ).toEqual(at);
  expect(lastAnswerOf({ processes: [aProcess()] })).toBeNull();
});

test.each<[string, Partial<VanOnBoard>, string[]]>([
  ["takes approvals", {}, ["한빛서점"]],
  ["is half open", { processes: [aProcess({ state: "HALF_OPEN" })] }, ["한빛서점"]],
  ["is open", { processes: [aProcess({ state: "OPEN" })] }, ["한빛서점", "모두의문구"]],
  ["is stopped", { stopped: { reason: "점검", byName: "김운영", at } }, ["한빛서점", "모두의문구"]],
  ["is not connected", { processes: [] }, ["한빛서점", "모두의문구"]],
])("malls without another VAN are named, when the other one %s", (_, over, names) => {
  const vans = board(
    aVan("SBX1", ["한빛서점", "모두의문구"]),
    aVan("SBX2", ["모두의문구", "라온스포츠"], over),
  );
  expect(strandedWithout(vans, "SBX1")).toEqual(names);
});
