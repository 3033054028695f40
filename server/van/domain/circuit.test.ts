import { describe, expect, test } from "vitest";
import { Circuit, circuitSettings, type MessageFailure } from "#server/van/domain/circuit.ts";

/** Of these tests chance leaves the delays as they are. */
const noJitter = () => 0;

function aCircuit(random: () => number = noJitter) {
  return new Circuit(circuitSettings, random, 0);
}

function ends(circuit: Circuit, nowMs: number, failure: MessageFailure | null, isApproval = true): void {
  circuit.ended(circuit.sent(isApproval), failure, nowMs);
}

function anOpenCircuit(nowMs = 0, random = noJitter): Circuit {
  const circuit = aCircuit(random);
  for (let n = 0; n < 5; n++) ends(circuit, nowMs, "timeout");
  return circuit;
}

function aHalfOpenCircuit(nowMs = 0): Circuit {
  const circuit = anOpenCircuit(nowMs);
  circuit.probed(null, nowMs);
  return circuit;
}

/** `f` fails and `a` is answered, of approvals; `F` and `A` of other messages. A number moves the clock on by so many milliseconds. */
type Step = "f" | "a" | "F" | "A" | number;
const many = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

describe("opens", () => {
  test.each<[string, Step[], "CLOSED" | "OPEN"]>([
    ["four failures and nothing else", many(4, "f"), "CLOSED"],
    ["five failures and nothing else", many(5, "f"), "OPEN"],
    ["five failures in ten seconds", ["f", 2_000, "f", 2_000, "f", 2_000, "f", 2_000, "f"], "OPEN"],
    ["five failures over more than ten seconds", many(4, "f").concat([10_000, "f"]), "CLOSED"],
    [
      "five failures in a row a second after the last of many answers",
      [...many(500, "a"), 1_000, ...many(5, "f")],
      "OPEN",
    ],
    ["five failures in a row just before that", [...many(500, "a"), 999, ...many(5, "f")], "CLOSED"],
    [
      "five failures a second later, an answer between",
      [...many(50, "a"), 1_000, ...many(4, "f"), "a", "f"],
      "CLOSED",
    ],
    [
      "five failures in a row over more than ten seconds",
      [...many(500, "a"), 3_000, "f", 2_500, "f", 2_500, "f", 2_500, "f", 2_500, "f"],
      "CLOSED",
    ],
    ["five failures, two seconds and a half apart", many(9, "f").flatMap((step) => [step, 2_500]), "CLOSED"],
    ["five lost among five hundred answered", [...many(500, "a"), ...many(5, "f")], "CLOSED"],
    ["five lost among five answered", [...many(5, "a"), ...many(5, "f")], "OPEN"],
    ["five lost among six answered", [...many(6, "a"), ...many(5, "f")], "CLOSED"],
    ["six lost among six answered", [...many(6, "a"), ...many(6, "f")], "OPEN"],
    ["answers of before the window do not count", [...many(500, "a"), 10_000, ...many(5, "f")], "OPEN"],
    [
      "five approvals lost, their net cancels and more answered",
      ["A", ...many(5, "f"), ...many(9, "A")],
      "OPEN",
    ],
    [
      "five approvals lost among six, fifty inquiries answered",
      [...many(50, "A"), "a", ...many(5, "f")],
      "OPEN",
    ],
    ["five net cancels lost, many approvals answered", [...many(50, "a"), ...many(5, "F")], "CLOSED"],
    ["three approvals and two net cancels lost", [...many(3, "f"), ...many(2, "F")], "OPEN"],
    [
      "a loss now and then among many answers, for an hour",
      many(3_600, "f").flatMap((loss, second): Step[] => [
        ...many(9, "a"),
        ...(second % 2 ? [loss] : []),
        1_000,
      ]),
      "CLOSED",
    ],
  ])("%s: %#", (_, steps, state) => {
    const circuit = aCircuit();
    let nowMs = 0;
    for (const step of steps) {
      if (typeof step === "number") nowMs += step;
      else
        ends(circuit, nowMs, step === "f" || step === "F" ? "timeout" : null, step === "f" || step === "a");
    }
    expect(circuit.view.state).toBe(state);
    expect(circuit.admitsInMs(nowMs)).toBe(state === "CLOSED" ? 0 : 5_000);
  });

  test.each<MessageFailure>([
    "refused",
    "connect_timeout",
    "unreachable",
    "timeout",
    "reset",
    "unreadable",
    "mismatch",
    "unknown_code",
  ])("by %s, of any message, and says so", (failure) => {
    const circuit = aCircuit();
    for (let n = 0; n < 5; n++) ends(circuit, 100, failure, false);
    expect(circuit.view).toEqual({ state: "OPEN", sinceMs: 100, reason: failure, nextProbeAtMs: 5_100 });
  });

  test("when the VAN cannot be reached and nobody asks for an approval", () => {
    const circuit = aCircuit();
    for (let n = 0; n < 5; n++) circuit.unreachable("refused", n * 2_000);
    expect(circuit.view.state).toBe("OPEN");
  });
});

describe("open", () => {
  test("probes after 5 s, then twice as long after each failed probe, up to the most", () => {
    const circuit = anOpenCircuit();
    const delays: number[] = [];
    let nowMs = 0;
    for (let n = 0; n < 6; n++) {
      const at = circuit.view.nextProbeAtMs ?? Number.NaN;
      delays.push(at - nowMs);
      nowMs = at;
      circuit.probed("timeout", nowMs);
    }
    expect(delays).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
    expect(circuit.view).toMatchObject({ state: "OPEN", sinceMs: 0 });
  });

  test("chance shortens a delay by a fifth at most, and never lengthens it", () => {
    expect(anOpenCircuit(0, () => 0.999).view.nextProbeAtMs).toBeCloseTo(4_001, 0);
    expect(anOpenCircuit(0, () => 0).view.nextProbeAtMs).toBe(5_000);
  });

  test("no answer of an earlier message closes it, no failure moves its probe", () => {
    const circuit = aCircuit();
    const earlier = [circuit.sent(true), circuit.sent(true)] as const;
    for (let n = 0; n < 5; n++) ends(circuit, 0, "timeout");
    circuit.ended(earlier[0], null, 1_000);
    circuit.ended(earlier[1], "timeout", 1_000);
    expect(circuit.view).toMatchObject({ state: "OPEN", nextProbeAtMs: 5_000 });
    expect(circuit.admitsInMs(2_000)).toBe(3_000);
    expect(circuit.admitsInMs(60_000)).toBeGreaterThan(0);
  });

  test("what repairs goes out, is not counted, and does not close it", () => {
    const circuit = anOpenCircuit();
    for (let n = 0; n < 20; n++) ends(circuit, 1_000, n % 2 ? null : "timeout", false);
    expect(circuit.view).toMatchObject({ state: "OPEN", nextProbeAtMs: 5_000 });
  });

  test("an answered probe opens it half", () => {
    const circuit = anOpenCircuit();
    circuit.probed(null, 5_000);
    expect(circuit.view).toEqual({
      state: "HALF_OPEN",
      sinceMs: 5_000,
      reason: "timeout",
      nextProbeAtMs: 10_000,
    });
  });
});

describe("half open", () => {
  test("lets two approvals in at once and closes after three answers", () => {
    const circuit = aHalfOpenCircuit();
    const enter = () => {
      expect(circuit.admitsInMs(0)).toBe(0);
      circuit.admit(0);
    };
    enter();
    enter();
    expect(circuit.admitsInMs(0)).toBe(1_000);
    const first = circuit.sent(true);
    expect(circuit.admitsInMs(0)).toBe(1_000);
    circuit.ended(first, null, 20);
    enter();
    expect(circuit.admitsInMs(0)).toBe(1_000);
    circuit.ended(circuit.sent(true), null, 30);
    expect(circuit.view.state).toBe("HALF_OPEN");
    circuit.ended(circuit.sent(true), null, 40);
    expect(circuit.view).toEqual({ state: "CLOSED", sinceMs: 40, reason: null, nextProbeAtMs: null });
  });

  test("gives back the place of an approval that was let in and never sent", () => {
    const circuit = aHalfOpenCircuit();
    circuit.admit(0);
    circuit.admit(0);
    expect(circuit.admitsInMs(999)).toBe(1_000);
    expect(circuit.admitsInMs(1_000)).toBe(0);
  });

  test("one failure of any message opens it again, and the delay goes on growing", () => {
    const circuit = aHalfOpenCircuit();
    ends(circuit, 100, "reset", false);
    expect(circuit.view).toEqual({ state: "OPEN", sinceMs: 100, reason: "reset", nextProbeAtMs: 10_100 });
  });

  test("a late failure of a message that was sent before does not", () => {
    const circuit = aCircuit();
    const late = circuit.sent(true);
    for (let n = 0; n < 5; n++) ends(circuit, 0, "timeout");
    circuit.probed(null, 5_000);
    circuit.ended(late, "timeout", 20_000);
    expect(circuit.view.state).toBe("HALF_OPEN");
    expect(circuit.admitsInMs(20_000)).toBe(0);
  });

  test("answers of cancels and inquiries do not close it: approvals have to", () => {
    const circuit = aHalfOpenCircuit();
    for (let n = 0; n < 10; n++) ends(circuit, 0, null, false);
    expect(circuit.view.state).toBe("HALF_OPEN");
  });
});

describe("half open, where no approval comes by", () => {
  test("closes after three answered probes, five seconds apart", () => {
    const circuit = aHalfOpenCircuit();
    const states: string[] = [];
    for (const nowMs of [5_000, 10_000, 15_000]) {
      expect(circuit.view.nextProbeAtMs).toBe(nowMs);
      circuit.probed(null, nowMs);
      states.push(circuit.view.state);
    }
    expect(states).toEqual(["HALF_OPEN", "HALF_OPEN", "CLOSED"]);
    expect(circuit.view.nextProbeAtMs).toBeNull();
  });

  test("a failed probe opens it again", () => {
    const circuit = aHalfOpenCircuit();
    circuit.probed("timeout", 5_000);
    expect(circuit.view).toMatchObject({ state: "OPEN", nextProbeAtMs: 15_000 });
  });

  test("an approval on its way is waited for: no probe speaks for it", () => {
    const circuit = aHalfOpenCircuit();
    const trial = circuit.sent(true);
    for (const nowMs of [5_000, 10_000, 15_000]) circuit.probed(null, nowMs);
    expect(circuit.view.state).toBe("HALF_OPEN");
    circuit.ended(trial, "timeout", 20_000);
    expect(circuit.view.state).toBe("OPEN");
  });
});

test("closed again, it begins anew: the first delay, and nothing of the past counts", () => {
  const circuit = aCircuit();
  const late = Array.from({ length: 20 }, () => circuit.sent(true));
  for (let n = 0; n < 5; n++) ends(circuit, 0, "timeout");
  circuit.probed("timeout", 5_000);
  circuit.probed(null, 15_000);
  for (let n = 0; n < 3; n++) ends(circuit, 15_000, null);
  expect(circuit.view.state).toBe("CLOSED");
  for (const ticket of late) circuit.ended(ticket, "timeout", 16_000);
  for (let n = 0; n < 4; n++) ends(circuit, 16_000, "timeout");
  expect(circuit.view.state).toBe("CLOSED");
  ends(circuit, 16_000, "timeout");
  expect(circuit.view).toMatchObject({ state: "OPEN", nextProbeAtMs: 21_000 });
});
