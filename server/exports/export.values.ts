/** Names and limits that screens share with the validator, without the validator itself. */
export const exportKinds = [
  "PAYMENTS",
  "SETTLEMENTS",
  "SETTLEMENT_LINES",
  "SETTLEMENT_DAYS",
  "SETTLEMENT_METHODS",
  "RECONCILIATION",
  "AUDIT",
] as const;
export type ExportKind = (typeof exportKinds)[number];

export const exportFormats = ["XLSX", "CSV"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * READING: the rows are being frozen as they stand at one moment. WRITING: the file is being made of them. EXPIRED: it was
 * done, and its file is deleted.
 */
export const exportStates = [
  "WAITING",
  "READING",
  "WRITING",
  "DONE",
  "EXPIRED",
  "CANCELED",
  "FAILED",
] as const;
export type ExportState = (typeof exportStates)[number];
export const openExportStates = ["WAITING", "READING", "WRITING"] as const satisfies readonly ExportState[];

/** Why one could not be made. */
export const exportFailures = ["DISK_FULL", "TOO_LARGE", "INTERNAL"] as const;
export type ExportFailure = (typeof exportFailures)[number];

/** What the file is for, said beside the reason. */
export const exportPurposes = ["INQUIRY", "SETTLEMENT", "ACCOUNTING", "AUDIT", "DISPUTE", "OTHER"] as const;
export type ExportPurpose = (typeof exportPurposes)[number];

export const exportReasonMin = 10;
export const exportReasonMax = 200;
/** A sheet of a spreadsheet ends at 1,048,576 rows, the heading and the totals among them. */
export const exportRowsMax = 1_000_000;
/** How many exports one person, and everybody together, may have under way. */
export const openExportsOfOneMax = 3;
export const openExportsMax = 20;

/** What a file has columns for, kind by kind, in their order. The keys are what a request names and what the console has words for. */
export const exportColumns = {
  PAYMENTS: [
    "paymentKey",
    "requestedAt",
    "approvedAt",
    "mallName",
    "mallId",
    "orderId",
    "orderName",
    "status",
    "method",
    "currency",
    "amount",
    "approved",
    "canceled",
    "balance",
    "taxFree",
    "vat",
    "issuer",
    "card",
    "installments",
    "approvalNo",
    "van",
    "origin",
    "failureCode",
    "customerName",
    "customerPhone",
    "customerEmail",
  ],
  SETTLEMENTS: [
    "businessDate",
    "mallName",
    "mallId",
    "method",
    "state",
    "payoutDate",
    "lines",
    "approvals",
    "approvalAmount",
    "cancels",
    "cancelAmount",
    "fee",
    "feeVat",
    "adjustment",
    "net",
    "carriedIn",
    "payout",
    "carriedOut",
    "settlementId",
  ],
  SETTLEMENT_LINES: [
    "businessDate",
    "mallName",
    "mallId",
    "method",
    "settlementId",
    "lineNo",
    "lineKind",
    "eventDate",
    "paymentKey",
    "orderId",
    "cancelKey",
    "amount",
    "fee",
    "feeVat",
    "net",
  ],
  SETTLEMENT_DAYS: [
    "businessDate",
    "settlements",
    "approvals",
    "approvalAmount",
    "cancels",
    "cancelAmount",
    "fee",
    "feeVat",
    "adjustment",
    "net",
    "carriedIn",
    "payout",
    "carriedOut",
  ],
  SETTLEMENT_METHODS: [
    "method",
    "settlements",
    "approvals",
    "approvalAmount",
    "cancels",
    "cancelAmount",
    "fee",
    "feeVat",
    "adjustment",
    "net",
    "carriedIn",
    "payout",
    "carriedOut",
  ],
  RECONCILIATION: [
    "businessDate",
    "van",
    "recordKind",
    "traceNo",
    "class",
    "reason",
    "state",
    "mallName",
    "mallId",
    "orderId",
    "paymentKey",
    "cancelKey",
    "oursAmount",
    "oursDate",
    "vanAmount",
    "vanDate",
    "paidAmount",
    "paidDate",
    "fee",
    "feeExpected",
    "risk",
    "resolution",
    "resolutionReason",
    "explainedBy",
    "explainedAt",
    "owner",
    "note",
    "foundAt",
  ],
  AUDIT: [
    "seq",
    "at",
    "actorType",
    "actorName",
    "actorId",
    "action",
    "targetType",
    "targetId",
    "outcome",
    "ipAddress",
    "detail",
  ],
} as const satisfies Record<ExportKind, readonly string[]>;
export type ExportColumn = (typeof exportColumns)[ExportKind][number];
