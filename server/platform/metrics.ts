import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** All metrics of this process. Next bundles its routes apart from the server that hosts them, so both meet at `globalThis`. */
type Metrics = Readonly<{
  registry: Registry;
  httpDuration: Histogram<"method" | "route" | "status">;
  jobs: Counter<"job" | "result">;
  loadShed: Counter<"class">;
  loadPressure: Gauge<"class">;
  redisPolicy: Gauge;
  vanRequests: Counter<"van" | "op" | "outcome">;
  vanDuration: Histogram<"van" | "op">;
  vanInFlight: Gauge<"van">;
  vanCircuit: Gauge<"van">;
  violations: Gauge<"name">;
  ledgerImbalance: Gauge;
  auditChain: Gauge;
  integrityRunAt: Gauge;
  unresolved: Gauge<"state">;
  oldestUnresolved: Gauge<"state">;
  orphansOpen: Gauge;
  exports: Counter<"result">;
  exportedRows: Counter;
}>;

const globalMetrics = globalThis as { paydeckMetrics?: Metrics };

function open(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    httpDuration: new Histogram({
      name: "http_server_request_duration_seconds",
      help: "How long the mall API took to answer",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 20, 30],
      registers: [registry],
    }),
    jobs: new Counter({
      name: "paydeck_jobs_total",
      help: "Background jobs by how a try ended",
      labelNames: ["job", "result"],
      registers: [registry],
    }),
    loadShed: new Counter({
      name: "load_shed_total",
      help: "What was turned away under load, before anything was written for it",
      labelNames: ["class"],
      registers: [registry],
    }),
    loadPressure: new Gauge({
      name: "load_pressure",
      help: "How much of its limits a class of work has used; from 1 on it is turned away",
      labelNames: ["class"],
      registers: [registry],
    }),
    redisPolicy: new Gauge({
      name: "redis_policy_noeviction",
      help: "1 when Redis keeps what it is given, 0 when it may evict wake-ups and locks",
      registers: [registry],
    }),
    vanRequests: new Counter({
      name: "van_requests_total",
      help: "Messages to VANs by how they ended",
      labelNames: ["van", "op", "outcome"],
      registers: [registry],
    }),
    vanDuration: new Histogram({
      name: "van_request_duration_seconds",
      help: "How long a VAN took to answer a message, or we to give it up",
      labelNames: ["van", "op"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30],
      registers: [registry],
    }),
    vanInFlight: new Gauge({
      name: "van_inflight",
      help: "Messages under way at a VAN",
      labelNames: ["van"],
      registers: [registry],
    }),
    vanCircuit: new Gauge({
      name: "van_circuit_state",
      help: "The circuit breaker of a VAN in this process: 0 closed, 1 half-open, 2 open",
      labelNames: ["van"],
      registers: [registry],
    }),
    violations: new Gauge({
      name: "invariant_violations",
      help: "Open findings of an invariant; must be 0",
      labelNames: ["name"],
      registers: [registry],
    }),
    ledgerImbalance: new Gauge({
      name: "ledger_imbalance_won",
      help: "The sum of all ledger entries; must be 0",
      registers: [registry],
    }),
    auditChain: new Gauge({
      name: "audit_chain_valid",
      help: "1 when the hash chain of the audit log is whole",
      registers: [registry],
    }),
    integrityRunAt: new Gauge({
      name: "integrity_last_run_timestamp_seconds",
      help: "When the verifier last ended with a result",
      registers: [registry],
    }),
    unresolved: new Gauge({
      name: "payment_unresolved",
      help: "Payments and cancels whose outcome is not known yet, and orphans",
      labelNames: ["state"],
      registers: [registry],
    }),
    oldestUnresolved: new Gauge({
      name: "payment_oldest_unresolved_seconds",
      help: "Age of the oldest unresolved payment, cancel or orphan; 0 when there is none",
      labelNames: ["state"],
      registers: [registry],
    }),
    orphansOpen: new Gauge({
      name: "payment_orphan_open",
      help: "Money live at a VAN after its payment had ended, not reversed yet; must be 0",
      registers: [registry],
    }),
    exports: new Counter({
      name: "export_jobs_total",
      help: "Exports by how they ended",
      labelNames: ["result"],
      registers: [registry],
    }),
    exportedRows: new Counter({
      name: "export_rows_total",
      help: "Rows of the files that were made",
      registers: [registry],
    }),
  };
}

function metrics(): Metrics {
  globalMetrics.paydeckMetrics ??= open();
  return globalMetrics.paydeckMetrics;
}

/** Counts and times one answer of the mall API; `route` is the template, never the address itself. */
export function recordHttpRequest(method: string, route: string, status: number, seconds: number): void {
  metrics().httpDuration.observe({ method, route, status: String(status) }, seconds);
}

/** Counts how a try of a job ended. */
export function recordJob(job: string, result: "done" | "again" | "postponed" | "dead"): void {
  metrics().jobs.inc({ job, result });
}

/** Counts a message to a VAN as under way; call what it returns once, with the outcome, when the message has ended. */
export function vanMessageBegins(van: string, op: string): (outcome: string) => void {
  const { vanRequests, vanDuration, vanInFlight } = metrics();
  const startedMs = performance.now();
  vanInFlight.inc({ van });
  return (outcome) => {
    vanInFlight.dec({ van });
    vanRequests.inc({ van, op, outcome });
    vanDuration.observe({ van, op }, (performance.now() - startedMs) / 1_000);
  };
}

const circuitLevels = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 } as const;

/** Sets the state of a VAN's circuit in this process. */
export function recordVanCircuit(van: string, state: keyof typeof circuitLevels): void {
  metrics().vanCircuit.set({ van }, circuitLevels[state]);
}

const unresolvedStates = ["in_progress", "unknown", "cancel_pending", "orphan"] as const;

/** Sets what the tables say of the platform's integrity, all of it at once; null when they could not be read, so that nothing old is told. */
export function recordIntegrity(
  said: Readonly<{
    violations: ReadonlyMap<string, number>;
    auditChainValid: boolean;
    ledgerImbalanceMinor: bigint;
    lastRunAt: Date | null;
    unresolved: readonly Readonly<{ state: string; count: number; oldestSeconds: number }>[];
  }> | null,
): void {
  const all = metrics();
  const { violations, unresolved, oldestUnresolved } = all;
  for (const gauge of [violations, unresolved, oldestUnresolved]) gauge.reset();
  for (const gauge of [all.ledgerImbalance, all.auditChain, all.integrityRunAt, all.orphansOpen])
    gauge.remove();
  if (!said) return;
  for (const [name, count] of said.violations) violations.set({ name }, count);
  for (const state of unresolvedStates) {
    const found = said.unresolved.find((one) => one.state.toLowerCase() === state);
    unresolved.set({ state }, found?.count ?? 0);
    oldestUnresolved.set({ state }, found?.oldestSeconds ?? 0);
    if (state === "orphan") all.orphansOpen.set(found?.count ?? 0);
  }
  all.ledgerImbalance.set(Number(said.ledgerImbalanceMinor));
  all.auditChain.set(said.auditChainValid ? 1 : 0);
  if (said.lastRunAt) all.integrityRunAt.set(said.lastRunAt.getTime() / 1_000);
}

/** Counts how an export ended, and the rows of its file. */
export function recordExport(result: "done" | "failed", rows: number): void {
  const { exports, exportedRows } = metrics();
  exports.inc({ result });
  exportedRows.inc(rows);
}

/** Counts work of a class that was turned away under load. */
export function recordLoadShed(loadClass: string): void {
  metrics().loadShed.inc({ class: loadClass });
}

/** How much of its limits a class has used at this moment. */
export function recordLoadPressure(loadClass: string, load: number): void {
  metrics().loadPressure.set({ class: loadClass }, load);
}

/** Whether Redis keeps what it is given. */
export function recordRedisPolicy(isNoEviction: boolean): void {
  metrics().redisPolicy.set(isNoEviction ? 1 : 0);
}

/** The metrics as Prometheus text. */
export function renderMetrics(): Promise<string> {
  return metrics().registry.metrics();
}
