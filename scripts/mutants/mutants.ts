import type { Edit, Mutant } from "./mutant.ts";

const payments = "server/payments/payments.itest.ts";
const orderOfWrites = "server/payments/order-of-writes.itest.ts";
const recovery = "server/payments/recovery.itest.ts";
const outbox = "workers/outbox.itest.ts";
const giveUp = "server/outbox/give-up.itest.ts";
const webhooks = "server/webhooks/webhooks.itest.ts";
const lines = "server/van/van-lines.itest.ts";
const gateway = "server/van/line-gateway.test.ts";

const approve = "server/payments/approve-payment.ts";
const settleApproval = "server/payments/settle-approval.ts";
const settleCancel = "server/payments/settle-cancel.ts";
const repository = "server/payments/payment-repository.ts";
const resolve = "server/payments/resolve-payment.ts";
const recover = "server/payments/recover-cancel.ts";
const guards = "prisma/migrations/20261122000100_guards/migration.sql";
const vanReply = "server/van/van-reply.ts";
const outboxRepository = "server/outbox/outbox-repository.ts";

const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });

/** The rows of the mutation bar (reliability §1); the row without a mutant is the run that comes before them. */
const bar: readonly Mutant[] = [
  {
    name: "no-row-before-the-van",
    breaks: "§1 no pre-VAN row: lost approval, double charge",
    edits: [
      edit(
        approve,
        "    const { claimed, opened } = await openOrRefuse(",
        "    const asked = await askVan(ctx, payment, van, command);\n    const { claimed, opened } = await openOrRefuse(",
      ),
      edit(approve, ": await askVan(ctx, payment, van, command);\n    hops", ": asked;\n    hops"),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "no-compare-and-set",
    breaks: "§1 update without a compare-and-set: mall told approved, VAN reversed",
    edits: [
      edit(
        repository,
        "WHERE p.id = $1 AND p.version = $2 AND p.status = $3::payment_status\n        AND (NOT $5",
        "WHERE p.id = $1 AND $2::int IS NOT NULL\n        AND (NOT $5",
      ),
    ],
    killers: [payments],
  },
  {
    name: "not-found-is-final",
    breaks: "§1 NOT_FOUND final (D4): live at the VAN, reversed here",
    edits: [edit(resolve, "if (askedAtMs >= windowEndMs)", "if (windowEndMs > 0)")],
    killers: [payments],
  },
  {
    name: "redis-instead-of-the-unique-index",
    breaks: "§1 Redis lock instead of unique index (D1): double charge without any fault",
    edits: [
      edit(
        guards,
        "CREATE UNIQUE INDEX payment_one_live_per_order",
        "CREATE INDEX payment_one_live_per_order",
      ),
      edit(
        repository,
        "ON CONFLICT (mall_id, order_id) WHERE status NOT IN ('ABORTED', 'EXPIRED', 'NET_CANCELED') DO NOTHING RETURNING id",
        "RETURNING id",
      ),
    ],
    killers: [payments],
  },
  {
    name: "reply-before-commit",
    breaks: "§1 respond before commit: told approved, not so in the database",
    edits: [
      edit(
        settleApproval,
        'const moved = await commit(ctx, settled, {\n    payment,\n    to: "DONE",',
        'const moved = true;\n  void commit(ctx, settled, {\n    payment,\n    to: "DONE",',
      ),
    ],
    killers: [payments],
  },
  {
    name: "approval-sent-again-with-a-new-trace",
    breaks: "§1 retry approval with new trace (D5): double charge and more",
    edits: [
      edit(
        approve,
        "const outcome = tooLate ? notSentInTime(ctx) : await askVan(ctx, payment, van, command);",
        'let outcome = tooLate ? notSentInTime(ctx) : await askVan(ctx, payment, van, command);\n    if (outcome.kind === "unknown") outcome = await askVan(ctx, { ...payment, traceNo: ctx.ids.newTraceNo() }, van, command);',
      ),
    ],
    killers: [payments],
  },
  {
    name: "net-cancel-tried-once",
    breaks: "§1 net-cancel tried once: unknown for ever, live at the VAN",
    edits: [
      edit(
        resolve,
        'if (outcome.kind !== "already_acquired") return nextTry(ctx, van, reversal.schedule, outcome);',
        'if (outcome.kind !== "already_acquired") return done;',
      ),
    ],
    killers: [payments],
  },
  {
    name: "no-sweeper-for-in-progress",
    breaks: "§1 no sweeper for IN_PROGRESS: stuck, live at the VAN",
    edits: [
      edit(
        "server/payments/sweep-payments.ts",
        "await loadAbandonedApprovals(ctx.sql, batchMax)",
        "await loadAbandonedApprovals(ctx.sql, 0)",
      ),
    ],
    killers: [payments],
  },
  {
    name: "net-cancel-before-unknown",
    breaks: "§1 net-cancel before UNKNOWN committed (D3): told approved, reversed at the VAN",
    edits: [
      edit(
        settleApproval,
        'const moved = await commit(ctx, settled, {\n    payment,\n    to: "UNKNOWN",',
        'await ctx.vans.get(van.code)?.netCancel({ original: payment }, { connectTimeoutMs: 1_000, totalTimeoutMs: 5_000 });\n  const moved = await commit(ctx, settled, {\n    payment,\n    to: "UNKNOWN",',
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "late-approval-is-forgotten",
    breaks: "§1 late send without reopening (A5e): live at the VAN, reversed here",
    edits: [edit(settleApproval, 'if (present.status === "NET_CANCELED") {', "if (!present) {")],
    killers: [orderOfWrites],
  },
];

const approvals: readonly Mutant[] = [
  {
    name: "version-is-no-fence",
    breaks: "§5.0.4: the status alone does not tell one handler's cancel from another's",
    edits: [
      edit(
        repository,
        "WHERE p.id = $1 AND p.version = $2 AND p.status = $3::payment_status\n        AND (NOT $5",
        "WHERE p.id = $1 AND $2::int IS NOT NULL AND p.status = $3::payment_status\n        AND (NOT $5",
      ),
    ],
    killers: [payments],
  },
  {
    name: "loser-says-done",
    breaks: "A5e: who lost the compare-and-set answers from the database, never DONE",
    edits: [
      edit(settleApproval, "if (moved) return reply;\n\n  // A5e", "if (reply) return reply;\n\n  // A5e"),
    ],
    killers: [payments],
  },
  {
    name: "redis-lock-decides",
    breaks: "D1: without Redis payments go on",
    edits: [edit(approve, 'if (lock.state === "busy") return', 'if (lock.state !== "held") return')],
    killers: [payments],
  },
  {
    name: "payment-without-its-claim",
    breaks: "IDM-3: a key that was used opens no payment",
    edits: [
      edit(
        repository,
        "          FROM claim\n          WHERE NOT EXISTS (SELECT 1 FROM net_cancel_tombstone",
        "          WHERE NOT EXISTS (SELECT 1 FROM net_cancel_tombstone",
      ),
    ],
    killers: [payments],
  },
  {
    name: "any-request-fits-a-key",
    breaks: "IDM-4: a key belongs to what was asked with it first",
    edits: [
      edit(
        "server/idempotency/find-earlier-use.ts",
        "if (!use.requestHash.equals(earlier.requestHash))",
        "if (!use.requestHash)",
      ),
    ],
    killers: [payments],
  },
  {
    name: "replies-are-not-kept",
    breaks: "IDM-6: a replay is the same answer byte for byte",
    edits: [
      edit(
        repository,
        "UPDATE idempotency_key k SET http_status = $40::int, response_body = $41 FROM moved",
        "UPDATE idempotency_key k SET http_status = $40::int, response_body = $41 || ' ' FROM moved",
      ),
    ],
    killers: [payments],
  },
  {
    name: "repeat-is-answered-anew",
    breaks: "IDM-6: a repeat that meets the end hears the kept bytes",
    edits: [
      edit(
        approve,
        'if (meanwhile.kind === "finished") return meanwhile.reply;',
        'if (meanwhile.kind === "none") return await refuseDuplicate(ctx, command);',
      ),
    ],
    killers: ["server/payments/races.itest.ts"],
  },
  {
    name: "key-stays-taken-when-nothing-was-sent",
    breaks: "IDM-10: the same key may try again",
    edits: [edit(settleApproval, "    releaseKey: { path: command.idempotency.path },\n", "")],
    killers: [payments],
  },
  {
    name: "net-cancel-wish-is-ignored",
    breaks: "NC-7: an approval that the mall took back does not become DONE",
    edits: [edit(settleApproval, "unlessNetCancelWanted: true,", "unlessNetCancelWanted: false,")],
    killers: [payments],
  },
  {
    name: "tombstone-is-ignored-at-the-start",
    breaks: "NC-7: an order that was net-cancelled before it came is refused",
    edits: [
      edit(repository, "t.order_id = $3 AND t.expires_at > $22)", "t.order_id = $3 AND t.expires_at < $22)"),
    ],
    killers: [payments],
  },
  {
    name: "tombstone-is-ignored-at-the-end",
    breaks: "NC-7: nor does it become DONE when the two crossed",
    edits: [
      edit(
        repository,
        "t.order_id = p.order_id AND t.expires_at > now()",
        "t.order_id = p.order_id AND t.expires_at < now()",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "paused-handler-sends",
    breaks: "A3: who was paused past the lease does not ask the VAN",
    edits: [
      edit(
        approve,
        "const outcome = tooLate ? notSentInTime(ctx)",
        "const outcome = tooLate && !payment ? notSentInTime(ctx)",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "outcome-is-written-once",
    breaks: "A5f: a VAN's answer is written when the database is back",
    edits: [
      edit(
        "server/payments/commit-outcome.ts",
        "if (ctx.monotonicMs() + delayMs > untilMs)",
        "if (ctx.monotonicMs() + delayMs > 0)",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "outcome-is-written-past-the-lease",
    breaks: "A5f: after the lease the row is the sweeper's, and DONE is not told",
    edits: [
      edit(
        settleApproval,
        "const untilMs = command.receivedAtMs + van.leaseMs - 5_000;",
        "const untilMs = Number.POSITIVE_INFINITY;",
      ),
      // Else the test would wait for ever, as a mall would.
      edit(
        "server/payments/commit-outcome.ts",
        "for (let delayMs = 50; ;",
        "for (let delayMs = 50, n = 0; n < 99; n++,",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "lost-commit-is-a-rollback",
    breaks: "§2 row 11: after a lost commit the row is read again",
    edits: [edit(approve, "if (await wasOpened(ctx, payment.id))", "if (!payment)")],
    killers: [recovery],
  },
  {
    name: "approval-without-ledger",
    breaks: "I6: a DONE payment is booked",
    edits: [
      edit(
        settleApproval,
        "postings: approvalPostings(payment) },",
        "postings: approvalPostings(payment).slice(2) },",
      ),
    ],
    killers: [payments],
  },
  {
    name: "approval-without-event",
    breaks: "I7: each final state is one event",
    edits: [edit(settleApproval, '    event: { type: "payment.approved", data: wire },\n', "")],
    killers: [payments],
  },
  {
    name: "trace-number-is-not-unique",
    breaks: "§5.0.2: a trace number names one message",
    edits: [
      edit(
        "prisma/migrations/20261122000000_init/migration.sql",
        'CREATE UNIQUE INDEX "payment_trace_no_key"',
        'CREATE INDEX "payment_trace_no_key"',
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "any-status-may-follow-any",
    breaks: "§5.0.5: what has ended does not begin again",
    edits: [
      edit(
        guards,
        "('UNKNOWN', 'NET_CANCELED'),",
        "('UNKNOWN', 'NET_CANCELED'), ('UNKNOWN', 'DONE'), ('NET_CANCELED', 'DONE'),",
      ),
    ],
    killers: [payments],
  },
];

const netCancels: readonly Mutant[] = [
  {
    name: "unknown-without-its-job",
    breaks: "A5d: UNKNOWN is committed together with its net cancel",
    edits: [
      edit(
        repository,
        "FROM moved, unnest($42::text[], $43::text[], $44::text[], $45::text[], $46::bigint[], $47::text[]) AS j (name, key, payload, subject, delay_ms, trace)\n",
        "FROM moved, unnest($42::text[], $43::text[], $44::text[], $45::text[], $46::bigint[], $47::text[]) AS j (name, key, payload, subject, delay_ms, trace) WHERE j.name <> 'net-cancel'\n",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "taken-over-without-a-net-cancel",
    breaks: "§5.3: what the sweeper takes over is reversed",
    edits: [
      edit(
        "server/payments/sweep-payments.ts",
        "        { subjectId: payment.id, traceId: payment.traceId },",
        "        { subjectId: payment.id, delayMs: 3_600_000, traceId: payment.traceId },",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "mall-net-cancel-without-its-job",
    breaks: "NC-7: the wish is committed before the VAN is asked, with who goes on",
    edits: [
      edit(
        repository,
        "FROM reserved, unnest($24::text[]",
        "FROM (SELECT 1 FROM reserved LIMIT 0) none, unnest($24::text[]",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "no-follow-up-inquiries",
    breaks: "NC-8: a reversed approval is inquired about again",
    edits: [
      edit(
        "server/payments/settle-net-cancel.ts",
        "jobs: van.inquiryDelaysMs.map(",
        "jobs: van.inquiryDelaysMs.slice(1).map(",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "orphan-found-and-left",
    breaks: "NC-8: money found live after the end is reversed",
    edits: [
      edit(
        "server/payments/follow-up-inquiry.ts",
        'if (inquiry.kind === "found" && inquiry.state === "approved")',
        'if (inquiry.kind === "found" && inquiry.state === "net_canceled")',
      ),
    ],
    killers: [payments],
  },
  {
    name: "orphan-without-its-job",
    breaks: "§5.0.5: an orphan is written down with the job that reverses it",
    edits: [
      edit(
        "server/payments/report-orphan.ts",
        "await enqueue(sql, [outboxRow(reverseOrphanJob, String(id), { orphanId: String(id) }, about)]);",
        "await enqueue(sql, about ? [] : [outboxRow(reverseOrphanJob, String(id), { orphanId: String(id) }, about)]);",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "acquired-orphan-is-only-tried",
    breaks: "NC-5: what is acquired is given back by a normal cancel",
    edits: [
      edit(
        "server/payments/reverse-orphan.ts",
        'if (outcome.kind !== "already_acquired" || !approvalNo)',
        'if (outcome.kind !== "already_acquired" || approvalNo)',
      ),
    ],
    killers: [recovery],
  },
  {
    name: "unreachable-van-uses-up-tries",
    breaks: "NC-4: a message that never left us is no try",
    edits: [
      edit(
        "server/payments/next-try.ts",
        "delayMs, countsAsAttempt: false,",
        "delayMs, countsAsAttempt: true,",
      ),
    ],
    killers: [recovery],
  },
  {
    name: "sweeper-forgets-lost-jobs",
    breaks: "§5.3: unresolved work without a job gets one",
    edits: [
      edit("server/payments/sweep-payments.ts", "return swept + (await remember(ctx));", "return swept;"),
    ],
    killers: [payments],
  },
  {
    name: "sweeper-forgets-orphans",
    breaks: "§5.3: an open orphan without a job gets one",
    edits: [edit(repository, "WHERE o.state = 'OPEN' AND", "WHERE o.state = 'MANUAL' AND")],
    killers: [orderOfWrites],
  },
];

const cancels: readonly Mutant[] = [
  {
    name: "sweeper-forgets-cancels",
    breaks: "§5.3: a cancel whose handler is gone is recovered",
    edits: [
      edit(
        "server/payments/sweep-payments.ts",
        "await loadAbandonedCancels(ctx.sql, batchMax)",
        "await loadAbandonedCancels(ctx.sql, 0)",
      ),
    ],
    killers: [payments],
  },
  {
    name: "nothing-is-set-aside",
    breaks: "C1: the amount is set aside before the VAN is asked",
    edits: [
      edit(
        repository,
        "reserved_minor = p.reserved_minor + $8,",
        "reserved_minor = p.reserved_minor + 0 * $8::bigint,",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "refused-cancel-stays-set-aside",
    breaks: "C3: a definite no gives the amount free again",
    edits: [
      edit(
        settleCancel,
        "    canceledTaxFreeMinor: payment.canceledTaxFreeMinor,\n    reservedMinor: payment.reservedMinor - cancel.amountMinor,",
        "    canceledTaxFreeMinor: payment.canceledTaxFreeMinor,\n    reservedMinor: payment.reservedMinor,",
      ),
    ],
    killers: [payments],
  },
  {
    name: "cancelled-amount-stays-set-aside",
    breaks: "I5: what was given back is not set aside any more",
    edits: [
      edit(
        settleCancel,
        "    canceledTaxFreeMinor: payment.canceledTaxFreeMinor + cancel.taxFreeMinor,\n    reservedMinor: payment.reservedMinor - cancel.amountMinor,",
        "    canceledTaxFreeMinor: payment.canceledTaxFreeMinor + cancel.taxFreeMinor,\n    reservedMinor: payment.reservedMinor,",
      ),
    ],
    killers: [payments],
  },
  {
    name: "cancel-is-decided-by-what-was-read",
    breaks: "C1: the payment is as it was read, or nothing is set aside",
    edits: [
      edit(
        repository,
        "SELECT id FROM payment WHERE id = $1 AND version = $2 AND status = $3::payment_status FOR UPDATE",
        "SELECT id FROM payment WHERE id = $1 AND $2::int IS NOT NULL AND $3::payment_status IS NOT NULL FOR UPDATE",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "payment-of-two-moments",
    breaks: "contract §2: a payment is told with its own cancels, not those of another moment",
    edits: [
      edit(
        "server/payments/read-payment.ts",
        "if (agree(payment, cancels) || reading === readingsMax)",
        "if (agree(payment, cancels) || reading <= readingsMax)",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "key-is-claimed-without-its-cancel",
    breaks: "IDM-3: one key sent ten times at once is one cancel",
    edits: [
      edit(
        repository,
        "          SELECT id FROM payment WHERE id = $1 AND version = $2 AND status = $3::payment_status FOR UPDATE\n",
        "          SELECT id FROM payment WHERE id = $1 AND version = $2 AND status = $3::payment_status\n",
      ),
      edit(
        repository,
        "          ON CONFLICT (mall_id, method, path, key) DO NOTHING RETURNING 1\n        ), reserved AS (",
        "          ON CONFLICT (mall_id, method, path, key) DO UPDATE SET cancel_id = EXCLUDED.cancel_id WHERE idempotency_key.http_status IS NULL\n            AND NOT EXISTS (SELECT 1 FROM payment_cancel c WHERE c.id = idempotency_key.cancel_id) RETURNING 1\n        ), reserved AS (",
      ),
      edit(
        repository,
        "WHERE p.id = unchanged.id AND ($20",
        "WHERE p.id = unchanged.id AND p.version = $2 AND ($20",
      ),
    ],
    killers: ["server/payments/races.itest.ts"],
  },
  {
    name: "two-open-cancels",
    breaks: "CX-4: the database refuses a second open cancel",
    edits: [
      edit(guards, "CREATE UNIQUE INDEX payment_cancel_one_open", "CREATE INDEX payment_cancel_one_open"),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "more-back-than-paid",
    breaks: "I5: the database refuses to give back more than was paid",
    edits: [
      edit(
        guards,
        "reserved_minor >= 0 AND canceled_minor + reserved_minor <= amount_minor)",
        "reserved_minor >= 0)",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "unknown-cancel-is-failed",
    breaks: "C3: a cancel without an answer goes forward, never back",
    edits: [
      edit(
        settleCancel,
        "return settleUnknown(ctx, settle, outcome.because);",
        'return settleFailed(ctx, settle, outcome.because ? "VAN_ERROR" : "VAN_UNAVAILABLE");',
      ),
    ],
    killers: [payments],
  },
  {
    name: "unknown-cancel-is-no-fence",
    breaks: "§5.0.4: who recovers a cancel owns it",
    edits: [
      edit(
        repository,
        "UPDATE payment p SET version = p.version + 1, updated_at = $4::timestamptz",
        "UPDATE payment p SET version = p.version, updated_at = $4::timestamptz",
      ),
    ],
    killers: [payments],
  },
  {
    name: "unknown-cancel-without-its-job",
    breaks: "C3: a cancel without an answer is committed with its recovery",
    edits: [
      edit(
        repository,
        "FROM marked, unnest($5::text[]",
        "FROM (SELECT 1 FROM marked LIMIT 0) none, unnest($5::text[]",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "cancel-sent-again-with-a-new-trace",
    breaks: "D5: a cancel is sent again with its own trace number",
    edits: [
      edit(
        recover,
        ".cancel(cancelRequestOf(payment, cancel), {",
        ".cancel({ ...cancelRequestOf(payment, cancel), traceNo: ctx.ids.newTraceNo() }, {",
      ),
    ],
    killers: [orderOfWrites],
  },
  {
    name: "cancel-is-sent-again-unasked",
    breaks: "§5.4: recovery asks first",
    edits: [
      edit(
        recover,
        'if (isCanceled(inquiry)) return settle({ kind: "canceled", exchange: inquiry.exchange });',
        "",
      ),
    ],
    killers: [payments, recovery, orderOfWrites],
  },
  {
    name: "cancelled-already-is-failed",
    breaks: "§5.4: the VAN may be speaking of our own earlier message",
    edits: [
      edit(
        recover,
        'if (outcome.kind !== "refused" || outcome.refusal !== "ALREADY_CANCELED_PAYMENT") return settle(outcome);',
        "if (outcome) return settle(outcome);",
      ),
    ],
    killers: [recovery],
  },
  {
    name: "paused-cancel-is-sent",
    breaks: "A3 for cancels: who was paused past the lease does not ask the VAN",
    edits: [
      edit(
        "server/payments/cancel-payment.ts",
        "const outcome = tooLate\n",
        "const outcome = tooLate && !payment\n",
      ),
    ],
    killers: [recovery],
  },
  {
    name: "cancel-without-ledger",
    breaks: "I6: what is given back is booked",
    edits: [
      edit(
        settleCancel,
        "postings: reversalPostings(payment, cancel.amountMinor),",
        "postings: reversalPostings(payment, cancel.amountMinor).slice(2),",
      ),
    ],
    killers: [payments],
  },
  {
    name: "ledger-need-not-sum-to-zero",
    breaks: "I6: the database refuses an event that does not sum to zero",
    edits: [edit(guards, "HAVING sum(amount_minor) <> 0)", "HAVING sum(amount_minor) > 9999999999)")],
    killers: [payments],
  },
];

const jobsAndWebhooks: readonly Mutant[] = [
  {
    name: "message-in-two-hands",
    breaks: "D6: one worker performs a message, however many are woken",
    edits: [
      edit(
        outboxRepository,
        "available_at <= now() AND (locked_until IS NULL OR locked_until < now())\n        RETURNING",
        "available_at <= now()\n        RETURNING",
      ),
    ],
    killers: [outbox],
  },
  {
    name: "message-closed-by-the-dead",
    breaks: "D6: a worker that was taken for dead closes nothing",
    edits: [
      edit(
        outboxRepository,
        "WHERE id = $1 AND attempts = $2 AND done_at IS NULL RETURNING id",
        "WHERE id = $1 AND $2::int IS NOT NULL AND done_at IS NULL RETURNING id",
      ),
    ],
    killers: [outbox],
  },
  {
    name: "lost-wake-up-is-lost",
    breaks: "D6: what Redis forgot is handed over again",
    edits: [
      edit(
        outboxRepository,
        "(published_at IS NULL OR published_at < now() - $2 * interval '1 millisecond')",
        "(published_at IS NULL OR $2::float8 IS NULL)",
      ),
    ],
    killers: [outbox],
  },
  {
    name: "given-up-without-a-letter",
    breaks: "§5.5: a message is given up in the commit that parks its dead letter",
    edits: [
      edit(
        "server/outbox/run-message.ts",
        "const buried = await buryMessage(sql,",
        "const buried = await buryMessage(ctx.sql,",
      ),
    ],
    killers: [giveUp],
  },
  {
    name: "webhooks-overtake-each-other",
    breaks: "WH-2: the events of a payment arrive in their order",
    edits: [
      edit(
        "server/webhooks/deliver-webhook.ts",
        "if (delivery.aheadAttempts !== null) {",
        "if (delivery.aheadAttempts === -1) {",
      ),
    ],
    killers: [webhooks],
  },
  {
    name: "webhook-id-changes",
    breaks: "WH-3: an event has one id, however often it is sent",
    edits: [
      edit(
        "server/webhooks/deliver-webhook.ts",
        "signWebhook({ id: webhookIdOf(delivery.eventId), at, body }, secrets)",
        "signWebhook({ id: webhookIdOf(delivery.eventId) + delivery.attempts, at, body }, secrets)",
      ),
    ],
    killers: [webhooks],
  },
  {
    name: "sequence-with-gaps",
    breaks: "WH-2: events are numbered without gaps",
    edits: [
      edit(
        "server/webhooks/webhook-repository.ts",
        "SET sequence = head.last + numbered.place FROM",
        "SET sequence = head.last + numbered.place * 2 FROM",
      ),
    ],
    killers: [webhooks],
  },
  {
    name: "two-sequencers",
    breaks: "WH-2: one process numbers at a time",
    edits: [edit("server/webhooks/sequence-events.ts", "if (!(await takeSequencerLock(sql))) return 0;", "")],
    killers: [webhooks],
  },
];

const vans: readonly Mutant[] = [
  {
    name: "another-amount-is-believed",
    breaks: "NC-2: an answer with another amount is no answer",
    edits: [
      edit(
        vanReply,
        "if (amountMinor !== null && reply.amountMinor !== amountMinor)",
        "if (amountMinor !== null && reply.amountMinor < 0n)",
      ),
    ],
    killers: [lines],
  },
  {
    name: "another-trace-is-believed",
    breaks: "NC-2: an answer to another message is no answer",
    edits: [edit(vanReply, "if (reply.traceNo !== traceNo)", 'if (reply.traceNo === "")')],
    killers: [lines],
  },
  {
    name: "another-mall-is-believed",
    breaks: "NC-2: an answer about another mall is no answer",
    edits: [edit(vanReply, "if (reply.mallId !== original.mallId)", 'if (reply.mallId === "")')],
    killers: [lines],
  },
  {
    name: "time-out-is-a-decline",
    breaks: "NC-2: no answer is unknown, never a decline",
    edits: [
      edit(
        "server/van/line-gateway.ts",
        'return { kind: "unknown", because: answer.because, exchange: { ...exchange, error: answer.error } };',
        'return { kind: "declined", refusal: "CARD_DECLINED", exchange: { ...exchange, error: answer.error } } as never;',
      ),
    ],
    killers: [lines],
  },
  {
    name: "unreadable-is-not-sent",
    breaks: "NC-2: bytes that cannot be read are unknown",
    edits: [
      edit(
        "server/van/line-gateway.ts",
        '        kind: "unknown",\n        because: "unreadable",',
        '        kind: "not_sent",\n        because: "unreachable",',
      ),
    ],
    killers: [gateway],
  },
  {
    name: "half-written-is-not-sent-http",
    breaks: "NC-2: once a byte was written nothing is certain (HTTP)",
    edits: [
      edit(
        "server/van/http-line.ts",
        "            else if (!controller)\n",
        "            else if (!bytes)\n",
      ),
    ],
    killers: [lines],
  },
  {
    name: "half-written-is-not-sent-tcp",
    breaks: "NC-2: once a byte was written nothing is certain (TCP)",
    edits: [
      edit(
        "server/van/multiplexed-line.ts",
        'this.#settle(waiting, { kind: "lost", because: "reset", bytes: null, error });',
        'this.#settle(waiting, { kind: "not_sent", because: "unreachable", error });',
      ),
    ],
    killers: [lines],
  },
  {
    name: "unlisted-code-is-a-decline",
    breaks: "§3.5: a response code without a row is unknown",
    edits: [
      edit(
        vanReply,
        'if (meaning?.is !== "done") return unknown("unknown_code", exchange, unlisted(reply));\n  const { approvalNo',
        'if (meaning?.is !== "done") return { kind: "declined", refusal: "CARD_DECLINED", exchange };\n  const { approvalNo',
      ),
    ],
    killers: [gateway],
  },
];

export const mutants: readonly Mutant[] = [
  ...bar,
  ...approvals,
  ...netCancels,
  ...cancels,
  ...jobsAndWebhooks,
  ...vans,
];
