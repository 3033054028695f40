import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { businessDateOf } from "#server/core/business-date.ts";
import { type RefusalCode, refusals } from "#server/core/refusals.ts";
import { type OperatorRole, operatorRoles } from "#server/operators/permissions.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { openPlaces } from "#server/platform/places.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { downloadStatement, type StatementDesk } from "#server/settlement/download-statement.ts";
import { openBatch } from "#server/settlement/open-batch.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import { confirmDrafts } from "#server/settlement/settlement-repository.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { appRouter } from "#server/trpc/root.ts";

// A real settlement on paper: the PDF is read back as a reader would, through its fonts.

let world: TestWorld;
let settlementId = "";
const day = addDays(businessDateOf(new Date()), -5);
const draftDay = addDays(day, 1);
const traceId = "0".repeat(32);

async function settle(businessDate: string): Promise<string> {
  await openBatch(world.ctx, { businessDate, actor: { type: "system", id: "test" }, traceId });
  await settleMall(
    world.ctx,
    { businessDate, mallId: world.mallId, generation: 1 },
    { attempt: 1, messageId: 0n, traceId: null },
  );
  const [row] = await world.rows<{ id: string }>("SELECT id FROM settlement WHERE business_date = $1::date", [
    businessDate,
  ]);
  if (!row) throw new Error("nothing was settled");
  return row.id;
}

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
     VALUES ('ctr_1', $1, 'CARD', '2024-01-01', 2200, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
    [world.mallId],
  );
  const on = (date: string) => ({ ...world.ctx, now: () => new Date(`${date}T12:00:00.000+09:00`) });
  const approve = async (amountMinor: bigint, date = day) => {
    const reply = await approvePayment(on(date), anApproval(world, { amountMinor }));
    return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
  };
  const paymentId = await approve(100_000n);
  for (let n = 1; n <= 70; n++) await approve(BigInt(10_000 + n * 100));
  await cancelPayment(on(day), {
    paymentId,
    amountMinor: 20_000n,
    reason: "반품",
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    locale: "ko",
    traceId,
  });
  settlementId = await settle(day);
  await world.ctx.sql.transaction((sql) =>
    confirmDrafts(sql, [settlementId], {
      makerId: "op_MAKER",
      checkerId: "op_CHECKER",
      at: new Date(),
      businessDate: day,
    }),
  );
  await approve(5_000n, draftDay);
}, 120_000);
afterAll(() => world?.close());

const someone = (role: OperatorRole = "SETTLEMENT") => ({
  id: "op_ONE",
  role,
  email: "",
  name: "",
  sessionId: "ses_1",
});

const issuedAt = new Date("2026-11-27T05:00:00Z");
const download = (
  { id = settlementId, query = "" } = {},
  operator: ReturnType<typeof someone> | null = someone(),
  ctx: Partial<TestWorld["ctx"]> = {},
  desk?: StatementDesk,
) =>
  downloadStatement(
    new Request(`http://127.0.0.1/api/console/settlements/x/statement${query}`, {
      headers: { "x-forwarded-for": "203.0.113.9" },
    }),
    id,
    { ...world.ctx, now: () => issuedAt, ...ctx },
    async () => operator,
    desk,
  );
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const codeOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: RefusalCode; traceId: string } };
  expect(error.traceId).toBe(response.headers.get("paydeck-trace-id"));
  expect(response.status).toBeLessThan(500);
  return [response.status, error.code];
};

/** Reads a PDF of pdfkit: its objects with their streams, and the texts of each page by the fonts' own tables. */
function readPdf(file: Buffer) {
  const raw = file.toString("latin1");
  const objects = new Map<string, { dictionary: string; stream: string }>();
  for (const [, id = "", body = ""] of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const at = body.indexOf("stream\n");
    const dictionary = at < 0 ? body : body.slice(0, at);
    const packed = at < 0 ? "" : body.slice(at + 7, body.lastIndexOf("\nendstream"));
    const isText = dictionary.includes("/FlateDecode") && !dictionary.includes("/CIDFontType0C");
    objects.set(id, {
      dictionary,
      stream: isText ? inflateSync(Buffer.from(packed, "latin1")).toString("latin1") : packed,
    });
  }
  const object = (id: string | undefined) => objects.get(id ?? "") ?? { dictionary: "", stream: "" };
  const charactersOf = (fontId: string) => {
    const map = new Map<number, string>();
    const cmap = object(/\/ToUnicode (\d+)/.exec(object(fontId).dictionary)?.[1]).stream;
    for (const [, first = "0", list = ""] of cmap.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g))
      for (const [index, [, units = ""]] of [...list.matchAll(/<([^>]*)>/g)].entries())
        map.set(
          Number.parseInt(first, 16) + index,
          units
            .split(" ")
            .map((unit) => String.fromCharCode(Number.parseInt(unit, 16)))
            .join(""),
        );
    return map;
  };
  const pages = [...objects.values()]
    .filter(({ dictionary }) => /\/Type \/Page\b/.test(dictionary))
    .map(({ dictionary }) => {
      const resources = object(/\/Resources (\d+)/.exec(dictionary)?.[1]).dictionary;
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = "", id = ""]) => [
          name,
          charactersOf(id),
        ]),
      );
      const texts: string[] = [];
      let font: ReadonlyMap<number, string> | undefined;
      const content = object(/\/Contents (\d+)/.exec(dictionary)?.[1]).stream;
      for (const [, name, glyphs] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g))
        if (name) font = fonts.get(name);
        else
          texts.push(
            [...(glyphs ?? "").matchAll(/<(\w+)>/g)]
              .flatMap(([, hex = ""]) => hex.match(/.{4}/g) ?? [])
              .map((glyph) => font?.get(Number.parseInt(glyph, 16)) ?? "?")
              .join(""),
          );
      return texts;
    });
  return { raw, pages, dictionaries: [...objects.values()].map(({ dictionary }) => dictionary) };
}

const won = (text: string) => BigInt(text.replace("−", "-").replaceAll(",", ""));

describe("the PDF of a confirmed settlement", () => {
  test("says who, what and how much; its rows add up to its pages, and its pages to its totals", async () => {
    const response = await download();
    expect(response.status).toBe(200);
    const { raw, pages, dictionaries } = readPdf(await bytesOf(response));
    expect(raw.startsWith("%PDF-1.7")).toBe(true);
    expect(raw.trimEnd().endsWith("%%EOF")).toBe(true);
    expect(pages.length).toBeGreaterThan(2);
    const [settlement] = await world.rows<{ hash: string; net: bigint; payout: bigint; fee: bigint }>(
      "SELECT encode(hash, 'hex') AS hash, net_minor AS net, payout_minor AS payout, fee_minor AS fee FROM settlement WHERE id = $1",
      [settlementId],
    );
    const grouped = (minor: bigint | undefined) => (minor ?? 0n).toLocaleString("en-US");
    for (const text of [
      "정산내역서",
      "한빛서점 귀중",
      "120-81-00001",
      `${grouped(settlement?.payout)}원`,
      `−${grouped(settlement?.fee)}`,
    ])
      expect(pages[0]).toContain(text);
    for (const [index, texts] of pages.entries()) {
      expect(texts).toContain(`${index + 1} / ${pages.length}`);
      expect(texts).toContain(`내용 SHA-256 ${settlement?.hash}`);
      expect(texts.filter((text) => text === "주문번호")).toHaveLength(1);
    }
    const netAfter = (texts: readonly string[], label: string) =>
      won(texts[texts.findIndex((text) => text.startsWith(label)) + 4] ?? "");
    const ofPages = pages.map((texts) => netAfter(texts, "이 쪽 합계"));
    expect(ofPages.reduce((sum, net) => sum + net, 0n)).toBe(settlement?.net);
    expect(netAfter(pages.at(-1) ?? [], "전체 합계")).toBe(settlement?.net);
    // Each order of the settlement stands on the paper once: 71 approvals and a cancel of one of them.
    const orders = await world.rows<{ order: string; times: bigint }>(
      `SELECT p.order_id AS order, count(*) AS times FROM settlement_line l JOIN payment p ON p.id = l.payment_id WHERE l.settlement_id = $1 GROUP BY 1`,
      [settlementId],
    );
    expect(orders).toHaveLength(71);
    const printed = pages.flat().join("");
    for (const { order, times } of orders) expect(printed.split(order).length - 1, order).toBe(Number(times));

    expect(dictionaries.filter((one) => one.includes("/FontFile3"))).toHaveLength(2);
    expect(dictionaries.some((one) => one.includes("Pretendard-Regular"))).toBe(true);
    expect(dictionaries.some((one) => one.includes("/Helvetica"))).toBe(false);
    // A subset, and not the 3 MB that the two weights have.
    expect(raw.length).toBeLessThan(200_000);
  });

  test("is named by mall and date in both ways of RFC 6266, and kept by nobody on its way", async () => {
    const response = await download();
    await response.body?.cancel();
    const name = encodeURIComponent(`정산내역서_한빛서점_${day}_카드.pdf`);
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="paydeck-statement-${day.replaceAll("-", "")}-card.pdf"; filename*=UTF-8''${name}`,
    );
    expect(response.headers.get("content-type")).toBe("application/pdf");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("is the same bytes each time it is made at one moment, in either language", async () => {
    const digest = async (query: string) =>
      createHash("sha256")
        .update(await bytesOf(await download({ query })))
        .digest("hex");
    const ko = await digest("");
    expect(await digest("?language=ko")).toBe(ko);
    const en = await digest("?language=en");
    expect(await digest("?language=en")).toBe(en);
    expect(en).not.toBe(ko);
  });

  test("has a title, an author and a language that a mail program can show", async () => {
    const { raw, pages } = readPdf(await bytesOf(await download({ query: "?language=en" })));
    expect(pages[0]).toContain("Settlement statement");
    const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16().toString("latin1");
    expect(raw).toContain(utf16(`Settlement statement: 한빛서점, ${day}`).replace(/([()\\])/g, "\\$1"));
    expect(raw).toContain("/Lang (en-US)");
    expect(raw).toContain("(Paydeck)");
  });

  test("is audited, with who made it and over what", async () => {
    await bytesOf(await download());
    const [entry] = await world.rows<{ actor: string; target: string; ip: string; detail: object }>(
      `SELECT actor_id AS actor, target_id AS target, ip_address AS ip, detail FROM audit_log WHERE action = 'settlement.statement_made' ORDER BY seq DESC LIMIT 1`,
    );
    expect(entry).toMatchObject({
      actor: "op_ONE",
      target: settlementId,
      ip: "203.0.113.9",
      detail: { language: "ko", lines: 72 },
    });
  });
});

describe("who may not", () => {
  test.each(operatorRoles)("%s gets it only if this role may take files out", async (role) => {
    const may = ["OPERATOR", "SETTLEMENT", "ADMIN"].includes(role);
    const made = () =>
      world
        .rows("SELECT 1 FROM audit_log WHERE action = 'settlement.statement_made'")
        .then((all) => all.length);
    const before = await made();
    const response = await download({}, someone(role));
    if (may) {
      expect(response.status).toBe(200);
      await bytesOf(response);
    } else expect(await codeOf(response)).toEqual([403, "FORBIDDEN_SCOPE"]);
    expect(await made()).toBe(before + (may ? 1 : 0));
    const asked = appRouter
      .createCaller({ context: world.ctx, operator: someone(role), traceId, ipAddress: null })
      .settlement.statement({ settlementId });
    if (may)
      expect(await asked).toMatchObject({
        fileName: `정산내역서_한빛서점_${day}_카드.pdf`,
        issuer: { name: "Paydeck", businessNumber: null },
        mail: { subject: expect.stringContaining("한빛서점") },
      });
    else await expect(asked).rejects.toThrow(refusals.FORBIDDEN_SCOPE.en);
  });

  test("nobody without a session", async () => {
    expect(await codeOf(await download({}, null))).toEqual([401, "FORBIDDEN_SCOPE"]);
  });
});

describe("what has no statement", () => {
  test.each([
    ["a settlement that is not there", { id: "stl_GONE" }],
    ["an id that is a path", { id: "../../etc/passwd" }],
    ["an id without end", { id: `stl_${"x".repeat(500)}` }],
    ["a language that it is not written in", { query: "?language=fr" }],
  ])("%s", async (_, asked) => {
    expect(await codeOf(await download(asked))).toEqual([404, "NOT_FOUND"]);
  });

  test("a draft, which may be computed anew", async () => {
    const id = await settle(draftDay);
    expect(await codeOf(await download({ id }))).toEqual([409, "SETTLEMENT_NOT_CONFIRMED"]);
  });

  test("anything while the process has too much to do", async () => {
    const response = await download({}, someone(), {
      admission: { ...world.ctx.admission, turnsAway: (what) => what === "chart" },
    });
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      refusals.MAINTENANCE.status,
      "MAINTENANCE",
    ]);
  });

  /** Changes what the database itself would not let change, makes the statement, and puts everything back. */
  async function tamper(table: string, ...changes: readonly string[]): Promise<readonly unknown[]> {
    await world.rows(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await world.rows(`CREATE TABLE kept AS SELECT * FROM ${table} WHERE true`);
    for (const change of changes) await world.rows(change);
    const answer = await codeOf(await download());
    const key =
      table === "settlement" ? "k.id = t.id" : "(k.settlement_id, k.line_no) = (t.settlement_id, t.line_no)";
    const columns =
      table === "settlement"
        ? "approval_minor = k.approval_minor, net_minor = k.net_minor, payout_minor = k.payout_minor"
        : "amount_minor = k.amount_minor, net_minor = k.net_minor";
    await world.rows(`UPDATE ${table} t SET ${columns} FROM kept k WHERE ${key}`);
    await world.rows("DROP TABLE kept");
    await world.rows(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    const again = await download();
    expect(again.status).toBe(200);
    await bytesOf(again);
    return answer;
  }

  test("a settlement whose total was changed by one won, however well it adds up in itself", async () => {
    expect(
      await tamper(
        "settlement",
        `UPDATE settlement SET approval_minor = approval_minor + 1, net_minor = net_minor + 1, payout_minor = payout_minor + 1
         WHERE id = '${settlementId}'`,
      ),
    ).toEqual([409, "STATEMENT_NOT_CONSISTENT"]);
  });

  test("a settlement whose lines come to the same and are not those that were confirmed", async () => {
    const move = (lineNo: number, by: string) =>
      `UPDATE settlement_line SET amount_minor = amount_minor ${by}, net_minor = net_minor ${by}
       WHERE settlement_id = '${settlementId}' AND line_no = ${lineNo}`;
    expect(await tamper("settlement_line", move(70, "+ 100"), move(71, "- 100"))).toEqual([
      409,
      "STATEMENT_NOT_CONSISTENT",
    ]);
  });

  test("a settlement whose lines change while it is drawn breaks off, and is no PDF", async () => {
    let reads = 0;
    const reports = {
      ...world.ctx.reports,
      run: async (statement: { name: string; text: string }, values: readonly unknown[]) => {
        const rows = await world.ctx.reports.run<{ netMinor?: bigint }>(statement, values);
        if (statement.name !== "statement-lines" || ++reads < 2) return rows as never[];
        return rows.map((row, index) => (index === 0 ? { ...row, netMinor: 1n } : row)) as never[];
      },
    };
    const response = await download({}, someone(), { reports });
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

describe("a burst of statements", () => {
  const aDesk = (named: Partial<{ atOnceMax: number; waitMs: number; stillMs: number }> = {}) => {
    const { atOnceMax = 1, waitMs = 50, stillMs = 30_000 } = named;
    return { places: openPlaces({ atOnceMax, waitMs }), stillMs };
  };
  const at = (desk: StatementDesk, ctx: Partial<TestWorld["ctx"]> = {}) => download({}, someone(), ctx, desk);
  const made = async () =>
    (await world.rows("SELECT 1 FROM audit_log WHERE action = 'settlement.statement_made'")).length;

  test("is drawn as many at once as may be; the others wait, then are told when to come again", async () => {
    const desk = aDesk();
    const first = await at(desk);
    const before = await made();
    const refused = await at(desk);
    expect(refused.headers.get("retry-after")).toBe("10");
    expect(await codeOf(refused)).toEqual([429, "TOO_MANY_REQUESTS"]);
    // Nothing left the platform.
    expect(await made()).toBe(before);
    await bytesOf(first);
    expect((await bytesOf(await at(desk))).toString("latin1")).toMatch(/^%PDF/);
  });

  test("goes on in order as papers are read to their ends, and each is whole", async () => {
    const { places, stillMs } = aDesk({ atOnceMax: 2, waitMs: 30_000 });
    let inside = 0;
    let most = 0;
    const take = async () => {
      const leave = await places.take();
      most = Math.max(most, ++inside);
      return () => {
        inside--;
        leave?.();
      };
    };
    const files = await Promise.all(
      Array.from({ length: 8 }, async () =>
        createHash("sha256")
          .update(await bytesOf(await at({ places: { take }, stillMs })))
          .digest("hex"),
      ),
    );
    expect(new Set(files).size).toBe(1);
    expect(most).toBe(2);
  });

  test("gives the place on when a reader goes away, when a paper breaks off, and when it is refused", async () => {
    const desk = aDesk();
    await (await at(desk)).body?.cancel();
    const broken = {
      ...world.ctx.reports,
      run: async (statement: { name: string; text: string }, values: readonly unknown[]) => {
        if (statement.name === "statement-lines") throw new Error("gone");
        return (await world.ctx.reports.run(statement, values)) as never[];
      },
    };
    await expect((await at(desk, { reports: broken })).arrayBuffer()).rejects.toThrow();
    expect(await codeOf(await download({ id: "stl_GONE" }, someone(), {}, desk))).toEqual([404, "NOT_FOUND"]);
    expect((await at(desk)).headers.get("content-type")).toBe("application/pdf");
  });

  test("does not wait for a reader who takes nothing", async () => {
    const desk = aDesk({ waitMs: 10_000, stillMs: 100 });
    const unread = await at(desk);
    expect((await bytesOf(await at({ ...desk, stillMs: 30_000 }))).toString("latin1")).toMatch(/^%PDF/);
    await expect(unread.arrayBuffer()).rejects.toThrow();
  });
});
