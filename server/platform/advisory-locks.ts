/** PostgreSQL's advisory locks are plain numbers: whoever takes one names it here, so that no two mean the same. */
export const advisoryLocks = {
  /** Held by SQL `audit_append` while it adds to the chain. */
  auditChain: 7001,
  /** The one process that numbers events. */
  eventSequencer: 7002,
  /** One recomputation of the latency histograms at a time. */
  latencyRollUp: 7003,
  /** Held for milliseconds while a run of the verifier is asked for or taken up. */
  integrityRun: 7004,
  /** One seed of the demo at a time. */
  demoSeed: 7100,
} as const;
