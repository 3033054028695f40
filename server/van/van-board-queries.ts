import type { Context } from "#server/platform/context.ts";
import type { LatencyFigures } from "#server/reports/latency-queries.ts";
import { readLatency } from "#server/reports/latency-queries.ts";
import type { CircuitState, MessageFailure } from "#server/van/domain/circuit.ts";
import { inFlightMax } from "#server/van/route-to-van.ts";
import { circuitStaleAfterSeconds } from "#server/van/van-repository.ts";

/** How one process sees a VAN, as it wrote it at `seenAt`. */
export type VanInProcess = Readonly<{
  processId: string;
  role: "web" | "worker";
  state: CircuitState;
  since: Date;
  reason: MessageFailure | null;
  nextProbeAt: Date | null;
  isReachable: boolean;
  inFlight: number;
  lastAnswerAt: Date | null;
  lastError: string | null;
  seenAt: Date;
}>;

export type VanOnBoard = Readonly<{
  code: string;
  name: string;
  protocol: "HTTP_JSON" | "FIXED_LENGTH_TCP";
  isSandbox: boolean;
  /** Null while new approvals go there. `byName` is the operator's name, or the id of one that is gone. */
  stopped: Readonly<{ reason: string | null; byName: string | null; at: Date | null }> | null;
  /** Empty when no running process is connected to it. */
  processes: readonly VanInProcess[];
  routes: readonly Readonly<{ mallId: string; mallName: string; weight: number; share: number }>[];
}>;

export type VanBoard = Readonly<{ at: Date; inFlightMax: number; vans: readonly VanOnBoard[] }>;

/** Every VAN with its switch, its circuits in all running processes and its routes. */
export async function readVanBoard({ db, now }: Pick<Context, "db" | "now">): Promise<VanBoard> {
  const at = now();
  const [vans, processes] = await Promise.all([
    db.van.findMany({
      orderBy: { code: "asc" },
      include: {
        routes: { where: { weight: { gt: 0 } }, include: { mall: { select: { name: true } } } },
      },
    }),
    db.$queryRaw<(VanInProcess & { vanCode: string })[]>`
      SELECT van_code AS "vanCode", process_id AS "processId", role, state, since, reason, next_probe_at AS "nextProbeAt",
        is_reachable AS "isReachable", in_flight AS "inFlight", last_answer_at AS "lastAnswerAt", last_error AS "lastError", seen_at AS "seenAt"
      FROM van_circuit WHERE seen_at >= now() - make_interval(secs => ${circuitStaleAfterSeconds}) ORDER BY role, process_id`,
  ]);
  const stoppedBy = vans.flatMap((van) => van.stoppedBy ?? []);
  const operators = new Map(
    stoppedBy.length === 0
      ? []
      : (
          await db.operator.findMany({
            where: { id: { in: stoppedBy } },
            select: { id: true, name: true },
          })
        ).map(({ id, name }) => [id, name]),
  );
  const weightOfMall = new Map<string, number>();
  for (const { mallId, weight } of vans.flatMap((van) => van.routes))
    weightOfMall.set(mallId, (weightOfMall.get(mallId) ?? 0) + weight);
  return {
    at,
    inFlightMax,
    vans: vans.map((van) => ({
      code: van.code,
      name: van.name,
      protocol: van.protocol,
      isSandbox: van.isSandbox,
      stopped: van.isEnabled
        ? null
        : {
            reason: van.stoppedReason,
            byName: van.stoppedBy === null ? null : (operators.get(van.stoppedBy) ?? van.stoppedBy),
            at: van.stoppedAt,
          },
      processes: processes
        .filter(({ vanCode }) => vanCode === van.code)
        .map(({ vanCode: _, ...seen }) => seen),
      routes: van.routes
        .map(({ mallId, mall, weight }) => ({
          mallId,
          mallName: mall.name,
          weight,
          share: weight / (weightOfMall.get(mallId) ?? weight),
        }))
        .sort((one, other) => other.share - one.share || one.mallName.localeCompare(other.mallName, "ko")),
    })),
  };
}

const minuteMs = 60_000;
const recentMinutes = 5;

export type RecentFigures = Readonly<{
  from: Date;
  to: Date;
  /** By VAN code; one that answered nothing is left out. */
  vans: Readonly<Record<string, LatencyFigures>>;
}>;

/** What VANs answered in the last five minutes, the running one included. */
export async function readRecentFigures({
  reports,
  now,
}: Pick<Context, "reports" | "now">): Promise<RecentFigures> {
  const to = now();
  const from = new Date((Math.floor(to.getTime() / minuteMs) - recentMinutes + 1) * minuteMs);
  const range = { from, to };
  const { groups } = await readLatency(reports, { range, van: [], mall: [], by: "van" }, to);
  return { from, to, vans: Object.fromEntries(groups.map(({ id, total }) => [id, total])) };
}
