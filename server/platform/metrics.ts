import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** All metrics of this process. Next bundles its routes apart from the server that hosts them, so both meet at `globalThis`. */
type Metrics = Readonly<{
  registry: Registry;
  httpDuration: Histogram<"method" | "route" | "status">;
  jobs: Counter<"job" | "result">;
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

/** The metrics as Prometheus text. */
export function renderMetrics(): Promise<string> {
  return metrics().registry.metrics();
}
