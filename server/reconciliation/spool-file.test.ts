import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { vanReaderOf } from "#server/reconciliation/daily-file.ts";
import { readDepositFile } from "#server/reconciliation/read-deposit-file.ts";
import { type SpooledFile, withSpooledFile } from "#server/reconciliation/spool-file.ts";
import { aDepositFile, anSbx1File, anSbx2File, type FileRow, inPieces } from "#server/testing/daily-files.ts";

const date = "2026-11-17";
const rows: readonly FileRow[] = [
  { kind: "A", traceNo: "0AAAAAAAAAAAAAAAAAA1", amount: 15_000, issuerName: "신한카드" },
  { kind: "A", traceNo: "0AAAAAAAAAAAAAAAAAA2", amount: 7_000, issuerName: "카카오뱅크" },
  { kind: "C", traceNo: "0CCCCCCCCCCCCCCCCCC1", originalTraceNo: "0AAAAAAAAAAAAAAAAAA1", amount: 4_000 },
  { kind: "N", traceNo: "0AAAAAAAAAAAAAAAAAA9", amount: 900 },
  // The cancel that stood in for a net cancel (NC-5).
  { kind: "C", traceNo: "RAAAAAAAAAAAAAAAAAA2", originalTraceNo: "0AAAAAAAAAAAAAAAAAA2", amount: 7_000 },
];
const files = {
  SBX1: anSbx1File(date, rows),
  SBX2: anSbx2File(date, rows),
  DEPOSIT: aDepositFile("SBX1", date, rows),
};

function spool(
  bytes: Uint8Array,
  named: Partial<{ vanCode: string; businessDate: string; kind: "VAN" | "DEPOSIT"; piece: number }> = {},
): Promise<SpooledFile & { lines: string[] }> {
  const { vanCode = "SBX1", businessDate = date, kind = "VAN", piece } = named;
  return withSpooledFile(
    { fileId: "rcf_1", vanCode, businessDate, kind, bytes: inPieces(bytes, piece) },
    async (spooled) => ({ ...spooled, lines: (await text(spooled.rows())).trimEnd().split("\n") }),
  );
}

const refusalOf = (bytes: Uint8Array, named?: Parameters<typeof spool>[1]) =>
  spool(bytes, named).then(
    () => "none",
    (error: { code?: string; facts?: { line?: number } }) => error.code ?? String(error),
  );
async function readAll(records: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of records);
}
const edited = (bytes: Buffer, from: string, to: string) => {
  const before = bytes.toString("latin1");
  expect(before).toContain(from);
  return Buffer.from(before.replace(from, to), "latin1");
};

describe("a good file", () => {
  test.each(["SBX1", "SBX2"] as const)("of %s becomes rows, in pieces of any size", async (vanCode) => {
    const at = "2026-11-17T03:00:00.000Z";
    for (const piece of [1, 7, 220, 221, 65_536]) {
      const spooled = await spool(files[vanCode], { vanCode, piece });
      const shared = `\t${vanCode}\t2026-11-17\t`;
      expect(spooled.lines).toEqual([
        `rcf_1\t2${shared}A\t0AAAAAAAAAAAAAAAAAA1\t0AAAAAAAAAAAAAAAAAA1\tmall_TEST\torder-0AAAAAAAAAAAAAAAAAA1\t30418827\t15000\t06\t신한카드\t${at}`,
        `rcf_1\t3${shared}A\t0AAAAAAAAAAAAAAAAAA2\t0AAAAAAAAAAAAAAAAAA2\tmall_TEST\torder-0AAAAAAAAAAAAAAAAAA2\t30418827\t7000\t06\t카카오뱅크\t${at}`,
        `rcf_1\t4${shared}C\t0CCCCCCCCCCCCCCCCCC1\t0AAAAAAAAAAAAAAAAAA1\tmall_TEST\torder-0CCCCCCCCCCCCCCCCCC1\t30418827\t-4000\t06\t신한카드\t${at}`,
        `rcf_1\t5${shared}N\t0AAAAAAAAAAAAAAAAAA9\t0AAAAAAAAAAAAAAAAAA9\tmall_TEST\torder-0AAAAAAAAAAAAAAAAAA9\t30418827\t-900\t06\t신한카드\t${at}`,
        `rcf_1\t6${shared}N\t0AAAAAAAAAAAAAAAAAA2\t0AAAAAAAAAAAAAAAAAA2\tmall_TEST\torder-RAAAAAAAAAAAAAAAAAA2\t30418827\t-7000\t06\t신한카드\t${at}`,
      ]);
      expect(spooled).toMatchObject({ recordCount: 5, amountMinor: 10_100n, feeMinor: 0n });
      expect(spooled.byteCount).toBe(BigInt(files[vanCode].length));
      expect(spooled.sha256).toEqual(createHash("sha256").update(files[vanCode]).digest());
    }
  });

  test("of deposits becomes rows with what was kept", async () => {
    const spooled = await spool(files.DEPOSIT, { kind: "DEPOSIT", piece: 9 });
    expect(spooled.lines[0]).toBe("rcf_1\t2\tSBX1\t2026-11-17\tA\t0AAAAAAAAAAAAAAAAAA1\t15000\t225\t23");
    expect(spooled.lines[4]).toBe("rcf_1\t6\tSBX1\t2026-11-17\tN\t0AAAAAAAAAAAAAAAAAA2\t-7000\t-105\t-11");
    expect(spooled).toMatchObject({ recordCount: 5, amountMinor: 10_100n, feeMinor: 165n + 17n - 14n });
  });

  test("without records is good, and what is special to COPY stays what it is", async () => {
    expect(await spool(anSbx1File(date, []))).toMatchObject({ recordCount: 0, amountMinor: 0n });
    expect(await spool(anSbx2File(date, []), { vanCode: "SBX2" })).toMatchObject({ recordCount: 0 });
    const odd = anSbx1File(date, [{ kind: "A", traceNo: "T1", amount: 1, orderId: "a\\N\\" }]);
    expect((await spool(odd)).lines[0]).toContain("\ta\\\\N\\\\\t");
  });
});

describe("a bad file is refused by its own code", () => {
  test("another VAN's, another day's, another kind's", async () => {
    expect(await refusalOf(files.SBX2)).toBe("RECON_FILE_OTHER_VAN");
    expect(await refusalOf(files.SBX1, { vanCode: "SBX2" })).toBe("RECON_FILE_OTHER_VAN");
    expect(await refusalOf(files.DEPOSIT, { vanCode: "SBX2", kind: "DEPOSIT" })).toBe("RECON_FILE_OTHER_VAN");
    for (const vanCode of ["SBX1", "SBX2"] as const)
      expect(await refusalOf(files[vanCode], { vanCode, businessDate: "2026-11-18" })).toBe(
        "RECON_FILE_OTHER_DATE",
      );
    expect(await refusalOf(files.DEPOSIT)).toBe("RECON_FILE_OTHER_KIND");
    expect(await refusalOf(files.SBX1, { kind: "DEPOSIT" })).toBe("RECON_FILE_OTHER_KIND");
  });

  test("another day's records below this day's header, but not what was done around midnight", async () => {
    const all = (at: string) => rows.map((row) => ({ ...row, at: new Date(at).toISOString() }));
    for (const vanCode of ["SBX1", "SBX2"] as const) {
      const make = vanCode === "SBX1" ? anSbx1File : anSbx2File;
      for (const at of ["2026-11-16T12:00:00+09:00", "2026-11-18T01:00:00+09:00"])
        expect(await refusalOf(make(date, all(at)), { vanCode })).toBe("RECON_FILE_OTHER_DATE");
      for (const at of ["2026-11-16T23:00:00+09:00", "2026-11-18T00:59:59+09:00"])
        expect(await refusalOf(make(date, all(at)), { vanCode })).toBe("none");
      const some = rows.map((row, n) => (n < 2 ? { ...row, at: "2026-11-16T03:00:00.000Z" } : row));
      expect(await refusalOf(make(date, some), { vanCode })).toBe("none");
    }
  });

  test("in another encoding", async () => {
    const asEucKr = iconv.encode(files.SBX1.toString("utf8"), "euc-kr");
    expect(await refusalOf(asEucKr)).toBe("RECON_FILE_ENCODING");
    expect(await refusalOf(Buffer.concat([Buffer.from("\uFEFF"), files.SBX1]))).toBe("RECON_FILE_ENCODING");
    expect(await refusalOf(Buffer.from(files.SBX1.toString("utf8"), "utf16le"))).toBe("RECON_FILE_ENCODING");
    // Converted as an editor does, and with the records filled up to their length again.
    const lines = iconv.decode(files.SBX2, "euc-kr");
    expect(await refusalOf(Buffer.from(lines), { vanCode: "SBX2" })).toBe("RECON_FILE_ENCODING");
    const padded = lines
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        const bytes = Buffer.alloc(221, 0x20);
        Buffer.from(line.trimEnd()).copy(bytes);
        bytes[220] = 0x0a;
        return bytes;
      });
    expect(await refusalOf(Buffer.concat(padded), { vanCode: "SBX2" })).toBe("RECON_FILE_ENCODING");
  });

  test("cut anywhere after its first record", async () => {
    const readers = [
      [files.SBX1, vanReaderOf("SBX1")],
      [files.SBX2, vanReaderOf("SBX2")],
      [files.DEPOSIT, readDepositFile],
    ] as const;
    for (const [file, reader] of readers)
      for (let length = file.indexOf("\n") + 1; length < file.length; length++) {
        const code = await readAll(reader(inPieces(file.subarray(0, length), 100))).then(
          () => "none",
          (error: { code?: string }) => error.code,
        );
        expect(code, `at ${length}`).toBe("RECON_FILE_TRUNCATED");
      }
    expect(await refusalOf(Buffer.alloc(0))).toBe("RECON_FILE_TRUNCATED");
    expect(await refusalOf(files.SBX1.subarray(0, 400))).toBe("RECON_FILE_TRUNCATED");
  });

  test("with records that do not add up to the trailer", async () => {
    const one = "15000,06";
    expect(await refusalOf(edited(files.SBX1, one, "15001,06"))).toBe("RECON_FILE_TOTALS");
    const lost = files.SBX1.toString("utf8").split("\n").toSpliced(2, 1).join("\n");
    expect(await refusalOf(Buffer.from(lost))).toBe("RECON_FILE_TOTALS");
    expect(await refusalOf(edited(files.SBX2, "000000015000", "000000015001"), { vanCode: "SBX2" })).toBe(
      "RECON_FILE_TOTALS",
    );
    const short = Buffer.concat([files.SBX2.subarray(0, 221), files.SBX2.subarray(442)]);
    expect(await refusalOf(short, { vanCode: "SBX2" })).toBe("RECON_FILE_TOTALS");
    const dearer = edited(files.DEPOSIT, "15000,225,23,14752", "15000,226,23,14751");
    expect(await refusalOf(dearer, { kind: "DEPOSIT" })).toBe("RECON_FILE_TOTALS");
  });

  test("not in the agreed format, with the line", async () => {
    for (const [from, to] of [
      ["D,A,", "D,X,"],
      ["D,A,", "Z,A,"],
      ["15000,06", "-15000,06"],
      ["15000,06", "0,06"],
      ["15000,06", "1e4,06"],
      ["15000,06", "15000,06,extra"],
      ["T03:00:00.000Z", "T25:00:00.000Z"],
      ["30418827", "3041\t827"],
      ["H,SBX1", "H;SBX1"],
      ["T,5,", "T,five,"],
    ] as const)
      expect(await refusalOf(edited(files.SBX1, from, to)), `${from} → ${to}`).toBe("RECON_FILE_MALFORMED");
    for (const [from, to] of [
      ["DA0", "DX0"],
      ["DA0", "ZA0"],
      ["000000015000", "00000001500x"],
      ["20261117120000", "20261117250000"],
      ["20261117120000", "20261317120000"],
    ] as const)
      expect(await refusalOf(edited(files.SBX2, from, to), { vanCode: "SBX2" }), `${from} → ${to}`).toBe(
        "RECON_FILE_MALFORMED",
      );
    // Windows line ends, and what comes after the trailer.
    const windows = Buffer.from(files.SBX1.toString("utf8").replaceAll("\n", "\r\n"));
    expect(await refusalOf(windows)).toBe("RECON_FILE_MALFORMED");
    const after = Buffer.concat([files.SBX1, Buffer.from("D,A,x\n")]);
    await expect(spool(after)).rejects.toMatchObject({ code: "RECON_FILE_MALFORMED", facts: { line: 8 } });
    // A fee that is more than what was paid for says, and a net that is not the rest.
    const wrong = edited(files.DEPOSIT, "15000,225,23,14752", "15000,225,23,14753");
    expect(await refusalOf(wrong, { kind: "DEPOSIT" })).toBe("RECON_FILE_MALFORMED");
    expect(await refusalOf(Buffer.from("x".repeat(100_000)))).toBe("RECON_FILE_MALFORMED");
    expect(await refusalOf(Buffer.from(`H,SBX1,${date}\n${"x".repeat(1_000_000)}`))).toBe(
      "RECON_FILE_MALFORMED",
    );
  });

  test("and its body is let go of, however early that is", async () => {
    const [line] = edited(files.SBX1, ",30418827,", ",ten,").toString().split("\n").slice(1);
    const bad: Record<string, Buffer[]> = {
      RECON_FILE_MALFORMED: [Buffer.from("<html>".repeat(20)), files.SBX1],
      RECON_FILE_OTHER_KIND: [files.DEPOSIT, files.DEPOSIT],
      RECON_FILE_ENCODING: [Buffer.from(files.SBX1.toString(), "utf16le"), files.SBX1],
      // In the first piece, behind a good head.
      "RECON_FILE_MALFORMED ": [Buffer.from(`H,SBX1,${date}\n${line}\n${"x".repeat(99)}\n`), files.SBX1],
    };
    for (const [code, pieces] of Object.entries(bad)) {
      let isLeft = false;
      async function* body() {
        try {
          for (;;) for (const piece of pieces) yield piece;
        } finally {
          isLeft = true;
        }
      }
      const spooling = withSpooledFile(
        { fileId: "rcf_1", vanCode: "SBX1", businessDate: date, kind: "VAN", bytes: body() },
        async () => undefined,
      );
      await expect(spooling, code).rejects.toMatchObject({ code: code.trim() });
      expect(isLeft, code).toBe(true);
    }
  });

  test("leaves nothing on this machine's disk", async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("paydeck-recon-")).length;
    const before = left();
    await spool(files.SBX1);
    await refusalOf(files.SBX1.subarray(0, 300));
    expect(left()).toBe(before);
  });
});
