import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { MeasuredPool } from "#server/platform/db.ts";
import {
  type LoadClass,
  limitsFor,
  loadClasses,
  loadOf,
  nextShedding,
  type Pressure,
  type Shedding,
  serving,
  shedsApproval,
} from "#server/platform/domain/shedding.ts";
import { recordLoadPressure, recordLoadShed } from "#server/platform/metrics.ts";

export type { LoadClass };

/** The door of a process under load: says what is turned away before anything is read or written for it (reliability §5.8). */
export interface Admission {
  /** True when work of this class is to be turned away now; it is counted as such. */
  turnsAway(what: LoadClass): boolean;
  /** Counts an approval as under way until the returned function is called. */
  beginApproval(): () => void;
  close(): void;
}

const sampleEveryMs = 200;
/** The delay is averaged over as many samples: a second. */
const samplesKept = 5;
const resolutionMs = 10;

/** Opens the door: watches the event loop and the pools of this process. */
export function openAdmission(watched: {
  sql: MeasuredPool;
  reports: MeasuredPool;
  approvalsInFlightMax: number;
  random: () => number;
}): Admission {
  const limits = limitsFor(watched.approvalsInFlightMax);
  const states = new Map<LoadClass, Shedding>(loadClasses.map((name) => [name, serving]));
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let recent: { count: number; sumMs: number }[] = [];
  let eventLoopDelayMs = 0;
  let approvalsInFlight = 0;

  const pressure = (): Pressure => {
    const money = watched.sql.pressure();
    return {
      eventLoopDelayMs,
      approvalsInFlight,
      waitingForMoney: money.waiting,
      longestMoneyWaitMs: money.longestWaitMs,
      waitingForReports: watched.reports.pressure().waiting,
    };
  };

  const sample = setInterval(() => {
    recent = [...recent.slice(1 - samplesKept), takeSample(delays)];
    const count = recent.reduce((sum, each) => sum + each.count, 0);
    eventLoopDelayMs = count === 0 ? 0 : recent.reduce((sum, each) => sum + each.sumMs, 0) / count;
    const now = pressure();
    for (const [name, before] of states) {
      const load = loadOf(now, limits[name]);
      states.set(name, nextShedding(before, load, performance.now()));
      recordLoadPressure(name, load);
    }
  }, sampleEveryMs);
  sample.unref();

  return {
    turnsAway(what) {
      const now = pressure();
      const limit = limits[what];
      let away: boolean;
      if (what === "new_approval") away = shedsApproval(now, limit, watched.random());
      else {
        // Asked now, not at the last sample: a crowd that has just come must not be joined.
        const state = nextShedding(states.get(what) ?? serving, loadOf(now, limit), performance.now());
        states.set(what, state);
        away = state.active;
      }
      if (away) recordLoadShed(what);
      return away;
    },
    beginApproval() {
      approvalsInFlight++;
      let isOver = false;
      return () => {
        if (!isOver) approvalsInFlight--;
        isOver = true;
      };
    },
    close() {
      clearInterval(sample);
      delays.disable();
    },
  };
}

/** How late timers were since the last sample; the histogram counts the period of its own timer along. */
function takeSample(delays: IntervalHistogram): { count: number; sumMs: number } {
  const count = delays.count;
  const lateMs = count === 0 ? 0 : Math.max(0, delays.mean / 1e6 - resolutionMs);
  delays.reset();
  return { count, sumMs: lateMs * count };
}
