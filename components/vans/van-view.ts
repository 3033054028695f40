import type { VanBoard, VanInProcess, VanOnBoard } from "#server/van/van-board-queries.ts";

const severity = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 } as const;

/**
 * The process that speaks for a VAN: of those that send approvals the one with the worst circuit, else any; undefined when
 * nobody is connected to it.
 */
export function speakerOf(van: Pick<VanOnBoard, "processes">): VanInProcess | undefined {
  const web = van.processes.filter(({ role }) => role === "web");
  return (web.length > 0 ? web : van.processes).toSorted(
    (one, other) => severity[other.state] - severity[one.state],
  )[0];
}

/** The newest answer that any process got. */
export function lastAnswerOf(van: Pick<VanOnBoard, "processes">): Date | null {
  const times = van.processes.flatMap(({ lastAnswerAt }) => lastAnswerAt?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

/** The names of malls that would have nowhere to go without this VAN: their others are stopped, open or not connected. */
export function strandedWithout(board: VanBoard, code: string): string[] {
  const takes = (van: VanOnBoard) =>
    van.stopped === null && ["CLOSED", "HALF_OPEN"].includes(speakerOf(van)?.state ?? "");
  const others = board.vans.filter((van) => van.code !== code && takes(van));
  const served = new Set(others.flatMap((van) => van.routes.map(({ mallId }) => mallId)));
  const van = board.vans.find((one) => one.code === code);
  return (van?.routes ?? []).filter(({ mallId }) => !served.has(mallId)).map(({ mallName }) => mallName);
}
