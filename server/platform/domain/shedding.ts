/**
 * What may be turned away under load, in the order in which it is: the least important first (reliability §5.8). What is
 * not listed is never turned away: net cancel, cancel, their recovery, the sweeper, and a mall's inquiry of a payment.
 */
export const loadClasses = ["chart", "console_read", "webhook_send", "new_approval"] as const;
export type LoadClass = (typeof loadClasses)[number];

/** How hard a process works at present. */
export type Pressure = Readonly<{
  /** By how much timers were late on average during the last second: the processor has too much to do. */
  eventLoopDelayMs: number;
  /** Approvals under way in this process, those that wait for a VAN among them. */
  approvalsInFlight: number;
  /** Callers without a connection of the money pool. */
  waitingForMoney: number;
  /** How long the first of those has waited. */
  longestMoneyWaitMs: number;
  /** Callers without a connection of the report pool. */
  waitingForReports: number;
}>;

export const calm: Pressure = {
  eventLoopDelayMs: 0,
  approvalsInFlight: 0,
  waitingForMoney: 0,
  longestMoneyWaitMs: 0,
  waitingForReports: 0,
};

export type Limits = Readonly<Record<LoadClass, Partial<Pressure>>>;

/**
 * At how much of what a class is turned away. Each limit grows from class to class, so that nothing is turned away
 * while something less important is still served. `approvalsInFlightMax` bounds the approvals under way.
 *
 * - The delay of the event loop is a mean over a second: one long turn (a page rendered for the first time, a garbage
 *   collection) moves it by a few milliseconds, an overloaded processor by its length of turn.
 * - Callers wait for a money connection in bursts of many for a few milliseconds each; how long the first has waited says
 *   more than how many there are. After one second a caller gives up (`connectTimeoutMs`), which must not happen to an
 *   approval that the VAN has answered.
 */
export function limitsFor(approvalsInFlightMax: number): Limits {
  return {
    chart: {
      eventLoopDelayMs: 40,
      approvalsInFlight: Math.ceil(approvalsInFlightMax * 0.5),
      waitingForMoney: 100,
      longestMoneyWaitMs: 50,
      waitingForReports: 6,
    },
    console_read: {
      eventLoopDelayMs: 80,
      approvalsInFlight: Math.ceil(approvalsInFlightMax * 0.7),
      waitingForMoney: 150,
      longestMoneyWaitMs: 100,
    },
    webhook_send: {
      eventLoopDelayMs: 120,
      approvalsInFlight: Math.ceil(approvalsInFlightMax * 0.85),
      waitingForMoney: 200,
      longestMoneyWaitMs: 150,
    },
    new_approval: {
      eventLoopDelayMs: 200,
      approvalsInFlight: approvalsInFlightMax,
      waitingForMoney: 250,
      longestMoneyWaitMs: 250,
    },
  };
}

/** How much of its limits a class has used, by the limit nearest to its end: 1 and more is too much. */
export function loadOf(pressure: Pressure, limits: Partial<Pressure>): number {
  let load = 0;
  for (const [signal, limit] of Object.entries(limits) as [keyof Pressure, number][])
    load = Math.max(load, pressure[signal] / limit);
  return load;
}

/** A class is served again once it has been below this share of its limits for `calmMs`: no going back and forth. */
const calmShare = 0.7;
const calmMs = 2_000;

/** Whether a class is being turned away, and since when it could be served again. */
export type Shedding = Readonly<{ active: boolean; calmSinceMs: number | null }>;

export const serving: Shedding = { active: false, calmSinceMs: null };

/** What follows from the load of this moment: turned away at once, served again only after two calm seconds. */
export function nextShedding(before: Shedding, load: number, nowMs: number): Shedding {
  if (load >= 1) return { active: true, calmSinceMs: null };
  if (!before.active) return before;
  if (load >= calmShare) return { active: true, calmSinceMs: null };
  const calmSinceMs = before.calmSinceMs ?? nowMs;
  return nowMs - calmSinceMs >= calmMs ? serving : { active: true, calmSinceMs };
}

/**
 * True when a new approval is turned away. A full house refuses the next and takes one more as soon as one ends, which
 * needs no waiting time to be smooth. The delay of the event loop is known only a second later, so it refuses a growing
 * share (none at the limit, all at twice the limit) instead of all or none. `chance` is in [0, 1).
 */
export function shedsApproval(pressure: Pressure, limits: Partial<Pressure>, chance: number): boolean {
  const { eventLoopDelayMs: delayLimitMs = Number.POSITIVE_INFINITY, ...bounds } = limits;
  if (loadOf(pressure, bounds) >= 1) return true;
  return pressure.eventLoopDelayMs / delayLimitMs - 1 > chance;
}
