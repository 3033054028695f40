/** Where a process stands between its start and its end; `GET /api/health/ready` tells it to balancers. */
export interface Lifecycle {
  /** `running` until what an earlier process left behind has been taken over once (reliability §5.3). */
  readonly sweep: "running" | "done";
  /** True from the moment the process was told to stop. */
  readonly draining: boolean;
  sweepDone(): void;
  startDraining(): void;
}

export function openLifecycle(): Lifecycle {
  let sweep: Lifecycle["sweep"] = "running";
  let draining = false;
  return {
    get sweep() {
      return sweep;
    },
    get draining() {
      return draining;
    },
    sweepDone() {
      sweep = "done";
    },
    startDraining() {
      draining = true;
    },
  };
}
