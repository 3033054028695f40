import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { parseCsv } from "hucre/csv";
import { readXlsx } from "hucre/xlsx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditFilterSchema } from "#server/audit/audit.schemas.ts";
import { countAudit } from "#server/audit/audit-queries.ts";
import { type RefusalCode, refusals } from "#server/core/refusals.ts";
import { cancelExport } from "#server/exports/cancel-export.ts";
import { deleteExpiredExports } from "#server/exports/delete-expired-exports.ts";
import { downloadExport } from "#server/exports/download-export.ts";
import { type ExportSourceInput, requestExportSchema } from "#server/exports/export.schemas.ts";
import { exportKinds } from "#server/exports/export.values.ts";
import { readExport } from "#server/exports/export-queries.ts";
import { linkExport } from "#server/exports/link-export.ts";
import { previewExport, requestExport } from "#server/exports/request-export.ts";
import { runExport } from "#server/exports/run-export.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import { summarizePayments } from "#server/payments/search-payments.ts";
import { settlementSummarySchema } from "#server/settlement/settlement.schemas.ts";
import { listLines, summarizeSettlements } from "#server/settlement/settlement-queries.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
let ctx: TestWorld["ctx"];
let folder: string;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  folder = await mkdtemp(join(tmpdir(), "paydeck-exports-"));
  ctx = { ...world.ctx, env: { ...world.ctx.env, PAYDECK_EXPORT_DIR: folder } };
  await world.rows(
    `INSERT INTO mall (id, name, business_number) VALUES ('mall_OTHER', '=달빛베이커리', '120-81-00002')`,
  );
  // More than one part of a file, three at each instant, in every status that a list can hold.
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, tax_free_minor, vat_minor, status, version, van_code,
        trace_no, approval_no, card_bin, card_last4, issuer_name, canceled_minor, lease_until, requested_at, approved_at, trace_id, origin,
        customer_name, customer_phone, customer_email)
     SELECT 'pay_' || lpad(n::text, 26, '0'), CASE WHEN n % 5 = 0 THEN 'mall_OTHER' ELSE 'mall_TEST' END,
       'HB2026-' || lpad(n::text, 6, '0'), '클린 코드', 'CARD', amount, 0, 0, status::payment_status, 2, 'SBX1', 'T' || lpad(n::text, 19, '0'),
       CASE WHEN status <> 'ABORTED' THEN lpad(n::text, 8, '0') END, '433012', lpad((n % 10000)::text, 4, '0'), '신한',
       CASE status WHEN 'CANCELED' THEN amount WHEN 'PARTIAL_CANCELED' THEN 1000 ELSE 0 END,
       now(), at, CASE WHEN status = 'ABORTED' THEN NULL ELSE at END, 'trace', 'API', '김민수', '010-1234-4821', 'minsu@example.com'
     FROM (SELECT n, 2000 + (n * 7919 % 400) * 100 AS amount,
         CASE WHEN n % 20 = 0 THEN 'ABORTED' WHEN n % 20 = 1 THEN 'CANCELED' WHEN n % 20 = 2 THEN 'PARTIAL_CANCELED' ELSE 'DONE' END AS status,
         date_trunc('second', now()) - (n / 3) * interval '7 minutes' - interval '1 minute' AS at
       FROM generate_series(1, 12345) n) p`,
  );
  await world.rows("ANALYZE payment");
});
afterAll(async () => {
  await world?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** One payment more, at a time of its own. */
const layAnother = (digit: string, at: Date) =>
  world.rows(
    `INSERT INTO payment SELECT (jsonb_populate_record(p, jsonb_build_object('id', 'pay_' || repeat($1, 26), 'trace_no', repeat($1, 20),
       'order_id', 'ANOTHER-' || $1, 'requested_at', $2::timestamptz))).* FROM payment p LIMIT 1`,
    [digit, at],
  );

const someone = (id = "op_ONE", role: OperatorRole = "ADMIN") => ({ id, role, ipAddress: "203.0.113.9" });
type Wish = Omit<Partial<Parameters<typeof requestExportSchema.parse>[0] & object>, "source">;

const ask = (source: ExportSourceInput, wish: Wish = {}, operator = someone()) =>
  requestExport(ctx, {
    ...requestExportSchema.parse({
      source,
      format: "XLSX",
      purpose: "ACCOUNTING",
      reason: "월 마감 자료를 회계팀에 전달",
      language: "ko",
      requestKey: randomUUID(),
      ...wish,
    }),
    operator,
    traceId: randomUUID().replaceAll("-", ""),
  });

/** The 12,345 that are laid at first, and two that tests lay. */
const allCount = 12_347;
const attempt = { attempt: 1, messageId: 0n, traceId: null };

/** Runs an export to its end, as workers would: turn after turn. */
async function finish(exportId: string) {
  for (let turn = 0; turn < 200; turn++) {
    const result = await runExport(ctx, { exportId }, attempt);
    if (result.kind !== "again") break;
  }
  const line = await readExport(ctx.sql, exportId);
  if (!line) throw new Error("the export is gone");
  return line;
}

/** The bytes of a finished file, as its maker gets them by link. */
async function fetchFile(
  exportId: string,
  operator = someone(),
): Promise<{ bytes: Uint8Array; response: Response }> {
  const { href } = await linkExport(ctx, { exportId, operator });
  const response = await follow(exportId, href, operator);
  return { bytes: new Uint8Array(await response.arrayBuffer()), response };
}
const follow = (
  exportId: string,
  href: string,
  operator: ReturnType<typeof someone> | null,
  at = ctx.now(),
) =>
  downloadExport(new Request(`http://127.0.0.1${href}`), exportId, { ...ctx, now: () => at }, async () =>
    operator ? { ...operator, email: "", name: "", sessionId: "ses_1" } : null,
  );

async function fileOf(source: ExportSourceInput, wish: Wish = {}) {
  const { exportId } = await ask(source, wish);
  const line = await finish(exportId);
  expect(line).toMatchObject({ state: "DONE", failure: null });
  const { bytes, response } = await fetchFile(exportId);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(line.sha256);
  expect(BigInt(bytes.length)).toBe(line.byteCount);
  return { exportId, line, bytes, response };
}

const csvOf = (bytes: Uint8Array) =>
  parseCsv(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).slice(1));
async function sheetOf(bytes: Uint8Array) {
  const { sheets } = await readXlsx(bytes, { readStyles: true });
  const [sheet] = sheets;
  if (!sheet) throw new Error("the workbook has no sheet");
  return sheet;
}
const sumIn = (line: { sums: readonly { column: string; sum: bigint }[] }, column: string) =>
  line.sums.filter((one) => one.column === column).reduce((all, { sum }) => all + sum, 0n);

const filters: readonly (readonly [string, PaymentFilterInput])[] = [
  ["all time", { date: "all" }],
  ["a status", { date: "all", status: ["CANCELED", "ABORTED"] }],
  ["a mall", { date: "30d", mall: ["mall_OTHER"] }],
  ["amounts", { date: "all", amountMin: "30000", amountMax: "35000" }],
  ["the last days, unsaid", {}],
  ["words", { q: "2026-0012" }],
];

describe("count and sums of payments are those of the list", () => {
  test.each(filters)("%s", { timeout: 60_000 }, async (_, filter) => {
    const { line, bytes } = await fileOf({ kind: "PAYMENTS", filter }, { format: "CSV" });
    const shown = await summarizePayments(ctx, {
      filter: requestExportSchema.shape.source.parse({ kind: "PAYMENTS", filter }).filter as never,
      exact: true,
    });
    const [head = [], ...rows] = csvOf(bytes);
    expect(rows).toHaveLength(shown.count);
    expect(line.rowsTotal).toBe(shown.count);
    const column = (heading: string) => head.indexOf(heading);
    const total = (heading: string) =>
      rows.reduce((sum, row) => sum + BigInt(String(row[column(heading)] || 0)), 0n);
    const amount = shown.totals.reduce((sum, one) => sum + one.amountMinor, 0n);
    const canceled = shown.totals.reduce((sum, one) => sum + one.canceledMinor, 0n);
    expect([total("승인 금액"), total("취소 금액"), total("남은 금액")]).toEqual([
      amount,
      canceled,
      amount - canceled,
    ]);
    expect([sumIn(line, "approved"), sumIn(line, "canceled")]).toEqual([amount, canceled]);
    expect(new Set(rows.map((row) => row[column("결제키")])).size).toBe(shown.count);
  });

  test("what is requested after it was asked for is not in it, and what changes meanwhile cannot tear it", async () => {
    const { exportId } = await ask({ kind: "PAYMENTS", filter: { date: "all" } }, { format: "CSV" });
    await layAnother("9", new Date(Date.now() + 1_000));
    const line = await finish(exportId);
    expect(line).toMatchObject({ state: "DONE", rowsTotal: 12_345, rowsWritten: 12_345 });
  });
});

test("a workbook has typed cells, a head that stays, and totals", async () => {
  const { bytes, line } = await fileOf({ kind: "PAYMENTS", filter: { date: "all", mall: ["mall_TEST"] } });
  const sheet = await sheetOf(bytes);
  const [head = []] = sheet.rows;
  const paymentKey = `pay_${"2".padStart(26, "0")}`;
  const first = sheet.rows.find(([key]) => key === paymentKey) ?? [];
  expect(sheet.freezePane).toMatchObject({ rows: 1 });
  expect(head.slice(0, 3)).toEqual(["결제키", "요청 시각(KST)", "승인 시각(KST)"]);
  const at = (heading: string) => head.indexOf(heading);
  expect(first[at("요청 시각(KST)")]).toBeInstanceOf(Date);
  expect(first[at("승인 금액")]).toBe(2000 + ((2 * 7919) % 400) * 100);
  // Digits that are a name, not a number, keep their zeros.
  expect(first[at("승인번호")]).toBe("00000002");
  expect(sheet.rows).toHaveLength((line.rowsTotal ?? 0) + 2);
  const totals = sheet.rows.at(-1) ?? [];
  expect(totals[0]).toBe("합계");
  expect(totals[at("승인 금액")]).toBe(Number(sumIn(line, "approved")));
  expect(totals[at("남은 금액")]).toBe(Number(sumIn(line, "balance")));
});

test("the time of a cell is that of Seoul", async () => {
  await layAnother("8", new Date("2024-11-19T15:30:01Z"));
  const filter = { date: "2024-11-20..2024-11-20" };
  const csv = csvOf((await fileOf({ kind: "PAYMENTS", filter }, { format: "CSV" })).bytes);
  expect(csv[1]?.[1]).toBe("2024-11-20 00:30:01");
  const sheet = await sheetOf((await fileOf({ kind: "PAYMENTS", filter })).bytes);
  expect(sheet.rows[1]?.[1]).toEqual(new Date("2024-11-20T00:30:01.000Z"));
});

describe("personal data", () => {
  const filter = { q: "HB2026-000123" };
  test("is masked unless it is asked for", async () => {
    const { bytes } = await fileOf({ kind: "PAYMENTS", filter }, { format: "CSV" });
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain("김*수,010-****-4821,m****@example.com");
    expect(text).not.toContain("minsu@");
  });

  test("is there for whom may have it, and says so", async () => {
    const { bytes, line } = await fileOf({ kind: "PAYMENTS", filter }, { format: "CSV", isMasked: false });
    expect(new TextDecoder().decode(bytes)).toContain("김민수,010-1234-4821,minsu@example.com");
    expect(line.isMasked).toBe(false);
  });

  test("is refused to whom may not, and so is an unmasked file of somebody who may not any more", async () => {
    await expectRefusal(
      ask({ kind: "PAYMENTS", filter }, { isMasked: false }, someone("op_TWO", "OPERATOR")),
      "FORBIDDEN_SCOPE",
    );
    const { exportId } = await ask({ kind: "PAYMENTS", filter }, { isMasked: false });
    await finish(exportId);
    await expectRefusal(
      linkExport(ctx, { exportId, operator: someone("op_ONE", "OPERATOR") }),
      "FORBIDDEN_SCOPE",
    );
  });

  test("of the audit log is its addresses and contacts", async () => {
    await world.rows(
      `SELECT audit_append('operator', 'op_ONE', 'people.invited', 'operator', 'op_NEW', 'success', '203.0.113.77', '{"email": "new@example.com"}')`,
    );
    const source = { kind: "AUDIT", filter: { target: "op_NEW" } } as const;
    const masked = new TextDecoder().decode((await fileOf(source, { format: "CSV" })).bytes);
    expect(masked).toContain("203.0.*.*");
    expect(masked).toContain("n****@example.com");
    expect(masked).not.toContain("new@example.com");
    const plain = new TextDecoder().decode((await fileOf(source, { format: "CSV", isMasked: false })).bytes);
    expect(plain).toContain("203.0.113.77");
  });
});

const attacks = [
  "=cmd|' /C calc'!A0",
  "+82",
  "-1+1",
  "@SUM(A1)",
  "\tx",
  "\rx",
  "\nx",
  "＝1",
  "＋1",
  "－1",
  "＠1",
  'say "hi", please; now',
  "{{7*7}} $" + "{jndi:ldap://x} %0d%0a <script>",
  "_x0041_ \u0001 \uD800",
];

describe("nothing in a file runs", () => {
  beforeAll(async () => {
    for (const [index, text] of attacks.entries())
      await world.rows("UPDATE payment SET order_name = $2 WHERE id = $1", [
        `pay_${String(2_000 + index).padStart(26, "0")}`,
        // PostgreSQL holds no lone surrogate.
        text.toWellFormed(),
      ]);
  });
  const filter = { q: "HB2026-0020", date: "all" };
  const source = { kind: "PAYMENTS", filter, sort: "requestedAt" } as const;

  test("in a CSV such a text is led by an apostrophe, and quoted as RFC 4180 has it", async () => {
    const { bytes } = await fileOf(source, { format: "CSV" });
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(text.endsWith("\r\n")).toBe(true);
    // The library that reads it knows nothing of the one that wrote it.
    const rows = csvOf(bytes);
    const names = new Map(rows.slice(1).map((row) => [String(row[5]), String(row[6])]));
    for (const [index, attack] of attacks.entries()) {
      const name = names.get(`HB2026-${String(2_000 + index).padStart(6, "0")}`);
      expect(name).toBe(/^[=+\-@\t\r\n＝＋－＠]/.test(attack) ? `'${attack}` : attack.toWellFormed());
    }
    expect(text).toContain('"say ""hi"", please; now"');
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([rows[0]?.length]));
    // A mall's name is one too; a number is none.
    expect(text).toContain("'=달빛베이커리");
  });

  test("in a workbook it is a text, and there is no formula at all", async () => {
    const { bytes } = await fileOf(source);
    const entries = unzipSync(bytes);
    const xml = strFromU8(entries["xl/worksheets/sheet1.xml"] ?? new Uint8Array());
    expect(xml).not.toMatch(/<f[ >]/);
    const sheet = await sheetOf(bytes);
    const names = new Map(sheet.rows.map((row) => [row[5], row[6]]));
    for (const [index, attack] of attacks.entries())
      expect(names.get(`HB2026-${String(2_000 + index).padStart(6, "0")}`)).toBe(attack.toWellFormed());
  });
});

describe("settlements", () => {
  beforeAll(async () => {
    await world.rows(
      `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, line_count, approval_count, approval_minor,
         cancel_count, cancel_minor, fee_minor, fee_vat_minor, adjustment_minor, net_minor, carried_in_minor, payout_minor, carried_out_minor, hash, drafted_at)
       SELECT 'stl_' || n || '_' || mall, date '2026-11-01' + n, mall, 'CARD', 'DRAFT', 'ctr', 1, date '2026-11-03' + n, 2, 1, 10000 + n, 1, -2000, 300, 30, 0,
         7670 + n, 0, 7670 + n, 0, '\\x00', now()
       FROM generate_series(1, 12) n, unnest('{mall_TEST,mall_OTHER}'::text[]) mall`,
    );
  });
  const filter = { businessFrom: "2026-11-03", businessTo: "2026-11-10" };

  test.each(["businessDate", "payoutDate"] as const)(
    "are the list's by %s: as a list, by day and by method",
    async (dateType) => {
      const shown = await summarizeSettlements(
        ctx.reports,
        settlementSummarySchema.parse({ ...filter, dateType }),
      );
      expect(shown.count).toBe(16);
      for (const kind of ["SETTLEMENTS", "SETTLEMENT_DAYS", "SETTLEMENT_METHODS"] as const) {
        const { line, bytes } = await fileOf({ kind, filter: { ...filter, dateType } });
        expect([sumIn(line, "approvalAmount"), sumIn(line, "payout"), sumIn(line, "cancelAmount")]).toEqual([
          shown.approvalMinor,
          shown.payoutMinor,
          shown.cancelMinor,
        ]);
        const sheet = await sheetOf(bytes);
        const [head = []] = sheet.rows;
        expect(sheet.rows.at(-1)?.[head.indexOf("지급 금액")]).toBe(Number(shown.payoutMinor));
        expect(line.rowsTotal).toBe({ SETTLEMENTS: 16, SETTLEMENT_DAYS: 8, SETTLEMENT_METHODS: 1 }[kind]);
      }
    },
  );

  test("lines are those of the page of a settlement", async () => {
    const settlementId = "stl_3_mall_TEST";
    const { lines } = await listLines(ctx.reports, { settlementId, limit: 100 });
    const { line } = await fileOf({ kind: "SETTLEMENT_LINES", filter: { settlementId } });
    expect(line.rowsTotal).toBe(lines.length);
    const all = await fileOf({ kind: "SETTLEMENT_LINES", filter: { ...filter, state: [], mall: [] } });
    expect(all.line.state).toBe("DONE");
  });
});

test("the audit log and the worklist of reconciliation are files too", async () => {
  const filter = auditFilterSchema.parse({ action: ["export.finished"] });
  const count = await countAudit(ctx.db, filter);
  const { line, bytes } = await fileOf({ kind: "AUDIT", filter: { action: ["export.finished"] } });
  expect(line.rowsTotal).toBe(count);
  expect((await sheetOf(bytes)).rows).toHaveLength(count + 1);
  expect((await fileOf({ kind: "RECONCILIATION", filter: {} })).line).toMatchObject({
    state: "DONE",
    rowsTotal: 0,
  });
});

test("a file has the columns that were asked for, in their order, and its sums all the same", async () => {
  const { bytes, line } = await fileOf(
    { kind: "PAYMENTS", filter: { date: "all" } },
    { format: "CSV", columns: ["amount", "orderId"], language: "en" },
  );
  expect(csvOf(bytes)[0]).toEqual(["Order ID", "Amount"]);
  expect(sumIn(line, "approved")).toBeGreaterThan(0n);
});

describe("an export", () => {
  const source = { kind: "PAYMENTS", filter: { date: "all" } } as const;

  test("is made once for a key, whoever clicks twice", async () => {
    const requestKey = randomUUID();
    const [one, two] = await Promise.all([ask(source, { requestKey }), ask(source, { requestKey })]);
    expect(two).toEqual(one);
    await expectRefusal(ask(source, { requestKey }, someone("op_TWO")), "INVALID_REQUEST");
    await cancelExport(ctx, { ...one, operator: someone() });
  });

  test("that is cancelled ends, and nothing of it is left on the disk", async () => {
    const { exportId } = await ask(source);
    const running = runExport(
      {
        ...ctx,
        // Cancelled while its rows are read.
        reports: {
          ...ctx.reports,
          transaction: (work) =>
            ctx.reports.transaction(async (sql) => {
              const result = work(sql);
              await cancelExport(ctx, { exportId, operator: someone() });
              return result;
            }),
        },
      },
      { exportId },
      attempt,
    );
    expect(await running).toEqual({ kind: "done" });
    expect(await readExport(ctx.sql, exportId)).toMatchObject({ state: "CANCELED", sha256: null });
    expect(existsSync(join(folder, exportId))).toBe(false);
    // What is over stays over.
    expect(await runExport(ctx, { exportId }, attempt)).toEqual({ kind: "done" });
    expect(await cancelExport(ctx, { exportId, operator: someone() })).toEqual({ state: "CANCELED" });
  });

  test("of another is not there, for anything", async () => {
    const { exportId } = await ask(source, { format: "CSV" });
    await expectRefusal(
      cancelExport(ctx, { exportId, operator: someone("op_TWO", "OPERATOR") }),
      "NOT_FOUND",
    );
    await finish(exportId);
    await expectRefusal(linkExport(ctx, { exportId, operator: someone("op_TWO") }), "NOT_FOUND");
  });

  test("is deleted a day later; who took what and why stays", async () => {
    const { exportId } = await ask(source, { format: "CSV" });
    await finish(exportId);
    const operator = someone();
    const { href } = await linkExport(ctx, { exportId, operator });
    const later = new Date(Date.now() + 24 * 3_600_000 + 1_000);
    while ((await deleteExpiredExports({ ...ctx, now: () => later })) > 0);
    expect(existsSync(join(folder, exportId))).toBe(false);
    expect(await readExport(ctx.sql, exportId)).toMatchObject({
      state: "EXPIRED",
      rowsTotal: allCount,
      reason: "월 마감 자료를 회계팀에 전달",
    });
    await expectRefusal(linkExport(ctx, { exportId, operator }), "EXPORT_FILE_NOT_THERE");
    expect((await follow(exportId, href, operator)).status).toBe(409);
  });

  test("leaves who, what, why, how much and the sum of the file in the audit log", async () => {
    const { exportId, line } = await fileOf(source, { format: "CSV" });
    const rows = await world.rows<{ action: string; actor_id: string; detail: Record<string, unknown> }>(
      "SELECT action, actor_id, detail FROM audit_log WHERE target_id = $1 ORDER BY seq",
      [exportId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      "export.requested",
      "export.finished",
      "export.downloaded",
    ]);
    expect(rows[0]?.detail).toMatchObject({
      purpose: "ACCOUNTING",
      reason: "월 마감 자료를 회계팀에 전달",
      isMasked: true,
      count: allCount,
    });
    expect(rows[1]?.detail).toMatchObject({ rows: allCount, sha256: line.sha256 });
  });
});

describe("a link", () => {
  let exportId: string;
  let href: string;
  beforeAll(async () => {
    ({ exportId } = await ask({ kind: "PAYMENTS", filter: { q: "HB2026-0001" } }));
    await finish(exportId);
    ({ href } = await linkExport(ctx, { exportId, operator: someone() }));
  });
  const codeOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { error: { code: string } }).error.code,
  ];

  test("names the file by itself, in both ways of RFC 6266", async () => {
    const { response } = await fetchFile(exportId);
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="paydeck-payments-\d{8}-\d{6}\.xlsx"; filename\*=UTF-8''%EA%B2%B0%EC%A0%9C_%EB%82%B4%EC%97%AD_\d{8}-\d{6}\.xlsx$/,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("works ten minutes, and not one more", async () => {
    const soon = new Date(Date.now() + 9 * 60_000);
    expect((await follow(exportId, href, someone(), soon)).status).toBe(200);
    const late = new Date(Date.now() + 10 * 60_000 + 1_000);
    expect(await codeOf(await follow(exportId, href, someone(), late))).toEqual([
      403,
      "EXPORT_LINK_NOT_VALID",
    ]);
  });

  test("is for one person", async () => {
    expect(await codeOf(await follow(exportId, href, someone("op_TWO")))).toEqual([
      403,
      "EXPORT_LINK_NOT_VALID",
    ]);
    expect((await follow(exportId, href, null)).status).toBe(401);
  });

  test.each([
    [
      "a later end",
      (text: string) => text.replace(/until=(\d+)/, (_, until) => `until=${Number(until) + 60_000}`),
    ],
    ["another signature", (text: string) => `${text}x`],
  ])("cannot have %s", async (_, change) => {
    expect(await codeOf(await follow(exportId, change(href), someone()))).toEqual([
      403,
      "EXPORT_LINK_NOT_VALID",
    ]);
  });

  test.each([
    ["none", ""],
    ["a strange end", "?until=soon&signature=x"],
    ["a path", "?until=1&signature=../../etc/passwd%0d%0a"],
  ])("with %s is refused, and says nothing else", async (_, query) => {
    const response = await follow(exportId, `/api/console/exports/${exportId}${query}`, someone());
    expect([403, 404]).toContain(response.status);
  });

  test("of an id that is a path leads nowhere", async () => {
    const response = await follow("../../etc/passwd", href, someone());
    expect(await codeOf(response)).toEqual([404, "NOT_FOUND"]);
  });
});

describe("what is asked badly", () => {
  const source = { kind: "PAYMENTS", filter: { date: "all" } } as const;

  test.each(["", "   ", "짧은 사유", "123456789"])("the reason %j is refused", async (reason) => {
    await expectRefusal(ask(source, { reason }), "REASON_REQUIRED");
  });

  test.each([
    ["another kind", { kind: "CARDS", filter: {} }],
    ["a period that is none", { kind: "PAYMENTS", filter: { date: "soon" } }],
    ["a path for a settlement", { kind: "SETTLEMENT_LINES", filter: { settlementId: "../../etc/passwd" } }],
  ])("%s is no request", (_, wrong) => {
    expect(requestExportSchema.shape.source.safeParse(wrong).success).toBe(false);
  });

  test("a column that is none is no request", () => {
    expect(() => ask(source, { columns: ["cardNumber"] })).toThrow("columns");
  });

  test("a period that has not begun is refused", async () => {
    await expectRefusal(ask({ kind: "PAYMENTS", filter: { date: "2099-01-01.." } }), "INVALID_REQUEST");
  });

  test("who may not see the audit log takes none", async () => {
    await expectRefusal(
      ask({ kind: "AUDIT", filter: {} }, {}, someone("op_TWO", "OPERATOR")),
      "FORBIDDEN_SCOPE",
    );
  });

  test("a fourth one at the same time is refused, and nobody else's", async () => {
    const operator = someone("op_BUSY");
    const made = await Promise.allSettled(Array.from({ length: 6 }, () => ask(source, {}, operator)));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const { exportId } = await ask(source, {}, someone("op_CALM"));
    for (const one of [
      ...made.flatMap((end) => (end.status === "fulfilled" ? [end.value.exportId] : [])),
      exportId,
    ])
      await cancelExport(ctx, { exportId: one, operator: someone() });
  });

  test("more rows than a sheet holds are refused before anything is written", async () => {
    const many = {
      ...ctx,
      reports: {
        ...ctx.reports,
        run: async (statement: { name: string; text: string }, values: readonly unknown[]) => {
          const rows = await ctx.reports.run<Record<string, unknown>>(statement, values);
          return rows.map((row) => ("approvedCount" in row ? { ...row, count: 1_000_001n } : row)) as never[];
        },
      },
    };
    await expectRefusal(
      requestExport(many, {
        ...requestExportSchema.parse({
          source,
          format: "CSV",
          purpose: "OTHER",
          reason: "월 마감 자료를 회계팀에 전달",
          language: "ko",
          requestKey: randomUUID(),
        }),
        operator: someone(),
        traceId: "t",
      }),
      "EXPORT_TOO_LARGE",
    );
  });
});

test("a sheet says how many rows it would be, and of what columns, in either language", async () => {
  for (const language of ["ko", "en"] as const) {
    const source = requestExportSchema.shape.source.parse({ kind: "PAYMENTS", filter: { date: "all" } });
    const { count, columns } = await previewExport(ctx, { source, language, role: "ADMIN" });
    expect(count).toBe(allCount);
    expect(columns.length).toBeGreaterThan(20);
  }
  expect(exportKinds.length).toBe(7);
});

async function expectRefusal(work: Promise<unknown>, code: RefusalCode): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
  expect(refusals[code].status).toBeLessThan(500);
}
