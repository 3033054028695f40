import pg from "pg";
import type { Platform, VanCode } from "./start-platform.ts";
import { vanCodes } from "./start-platform.ts";

/** One message in a VAN's book, as its control port tells it. Amounts are won. */
export type VanLine = Readonly<{
  van: VanCode;
  seq: number;
  type: "APPROVE" | "CANCEL" | "NET_CANCEL" | "INQUIRY";
  traceNo: string;
  originalTraceNo?: string;
  mallId: string;
  orderId: string;
  amount: number;
  result: string;
  at: string;
}>;

export type OurPayment = Readonly<{
  id: string;
  mallId: string;
  orderId: string;
  status: string;
  vanCode: string;
  traceNo: string;
  amount: number;
  canceled: number;
  reserved: number;
  requestedAt: Date;
}>;

export type OurCancel = Readonly<{
  id: string;
  paymentId: string;
  status: string;
  origin: string;
  traceNo: string;
  amount: number;
}>;

/** One step in the life of a payment, from its history. */
export type OurStep = Readonly<{
  paymentId: string;
  kind: string;
  fromStatus: string | null;
  toStatus: string | null;
  cancelId: string | null;
  at: Date;
}>;

export type OurEvent = Readonly<{
  id: number;
  sequence: number | null;
  type: string;
  mallId: string;
  subjectId: string;
}>;
export type OurDelivery = Readonly<{
  endpointId: string;
  eventId: number;
  status: string;
}>;
export type OurEndpoint = Readonly<{ id: string; mallId: string }>;

export type OurLetter = Readonly<{
  id: string;
  status: string;
  jobName: string;
  subjectId: string;
  reason: string;
  lastError: string;
  resolution: string | null;
}>;

export type Books = Readonly<{
  van: readonly VanLine[];
  payments: readonly OurPayment[];
  cancels: readonly OurCancel[];
  steps: readonly OurStep[];
  events: readonly OurEvent[];
  deliveries: readonly OurDelivery[];
  endpoints: readonly OurEndpoint[];
  letters: readonly OurLetter[];
  orphans: readonly Readonly<{ paymentId: string; state: string; source: string }>[];
  /** Ledger events whose postings do not sum to zero, and how many there are in all. */
  ledger: Readonly<{ events: number; unbalanced: readonly string[] }>;
  /** Rows in the audit log, and where its chain breaks. */
  audit: Readonly<{ rows: number; brokenAt: number | null }>;
}>;

const ledgerPage = 5_000;

/** Reads a VAN's whole book through its control port. */
export async function readVanBook(controlUrl: string, van: VanCode): Promise<VanLine[]> {
  const lines: VanLine[] = [];
  for (let after = 0; ; ) {
    const response = await fetch(`${controlUrl}/ledger?after=${after}&limit=${ledgerPage}`);
    const page = (await response.json()) as Omit<VanLine, "van">[];
    for (const line of page) lines.push({ van, ...line });
    const last = page.at(-1);
    if (last === undefined || page.length < ledgerPage) return lines;
    after = last.seq;
  }
}

/** Reads all that the referee compares, straight from the tables and from the VANs. */
export async function readBooks({ databaseUrl, controlUrls }: Platform): Promise<Books> {
  const van = (await Promise.all(vanCodes.map((code) => readVanBook(controlUrls[code], code)))).flat();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const rows = async <Row extends pg.QueryResultRow>(text: string) => (await client.query<Row>(text)).rows;
  try {
    // One moment of the database, not eleven.
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const [audit] = await rows<{ rows: number; brokenAt: number | null }>(
      `SELECT (SELECT count(*)::int FROM audit_log) AS rows, audit_verify()::int AS "brokenAt"`,
    );
    const [ledger] = await rows<{ events: number; unbalanced: string[] }>(
      `WITH sums AS (SELECT event_key, currency, sum(amount_minor) AS total FROM ledger_entry GROUP BY event_key, currency)
        SELECT count(*)::int AS events, coalesce(array_agg(event_key) FILTER (WHERE total <> 0), '{}') AS unbalanced FROM sums`,
    );
    if (!audit || !ledger) throw new Error("an aggregate answers one row");
    return {
      van,
      audit,
      ledger,
      payments: await rows<OurPayment>(
        `SELECT id, mall_id AS "mallId", order_id AS "orderId", status::text, van_code AS "vanCode", trace_no AS "traceNo",
          amount_minor::float8 AS amount, canceled_minor::float8 AS canceled, reserved_minor::float8 AS reserved,
          requested_at AS "requestedAt" FROM payment ORDER BY requested_at`,
      ),
      cancels: await rows<OurCancel>(
        `SELECT id, payment_id AS "paymentId", status::text, origin::text, trace_no AS "traceNo", amount_minor::float8 AS amount FROM payment_cancel`,
      ),
      steps: await rows<OurStep>(
        `SELECT payment_id AS "paymentId", kind, from_status::text AS "fromStatus", to_status::text AS "toStatus",
          cancel_id AS "cancelId", at FROM payment_event ORDER BY id`,
      ),
      events: await rows<OurEvent>(
        `SELECT id::int, sequence::int, type, mall_id AS "mallId", subject_id AS "subjectId" FROM event ORDER BY id`,
      ),
      deliveries: await rows<OurDelivery>(
        `SELECT endpoint_id AS "endpointId", event_id::int AS "eventId", status::text FROM webhook_delivery`,
      ),
      endpoints: await rows<OurEndpoint>(
        `SELECT id, mall_id AS "mallId" FROM webhook_endpoint WHERE status = 'ACTIVE'`,
      ),
      letters: await rows<OurLetter>(
        `SELECT id, status::text, job_name AS "jobName", subject_id AS "subjectId", reason_class AS reason,
          last_error AS "lastError", resolution FROM dead_letter ORDER BY parked_at`,
      ),
      orphans: await rows<Books["orphans"][number]>(
        `SELECT payment_id AS "paymentId", state, source FROM van_orphan`,
      ),
    };
  } finally {
    await client.end();
  }
}
