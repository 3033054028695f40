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
  /** Held by the trigger `operator_guard_last_admin` until the change of an administrator is committed. */
  lastAdmin: 7040,
  /** One change of the approval limits at a time. */
  approvalLimits: 7041,
  /** One opening of a settlement batch at a time. */
  settlementBatch: 7061,
  /** One change of the holiday calendar at a time. */
  holidayCalendar: 7062,
  /** Held for milliseconds while an export is asked for or taken up, so that no two count the others at once. */
  exportTurn: 7071,
  /** One seed of the demo at a time. */
  demoSeed: 7100,
} as const;
