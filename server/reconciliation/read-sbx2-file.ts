import { isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import {
  isRecordKind,
  recordKeyOf,
  signedBy,
  type VanRecord,
} from "#server/reconciliation/domain/daily-record.ts";
import { readCount } from "#server/reconciliation/read-lines.ts";

const recordBytes = 220;
const lineBytes = recordBytes + 1;
const lineFeed = 0x0a;

/** SBX2's daily file: records of 220 bytes of EUC-KR, each ended by a line feed, `H`, `D`… and `T` (docs/sandbox-vans.md). */
export async function* readSbx2File(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly VanRecord[]> {
  const sums = { approvals: 0n, approvedMinor: 0n, returns: 0n, returnedMinor: 0n };
  const names = new Map<string, string>();
  let rest: Buffer = Buffer.alloc(0);
  let lineNo = 0;
  let trailer: string | undefined;
  for await (const chunk of bytes) {
    const data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const records: VanRecord[] = [];
    let at = 0;
    for (; at + lineBytes <= data.length; at += lineBytes) {
      lineNo++;
      if (trailer !== undefined) throw new Refusal("RECON_FILE_MALFORMED", { line: lineNo });
      const record = data.subarray(at, at + recordBytes);
      if (data[at + recordBytes] !== lineFeed || record.includes(lineFeed)) throw outOfStep(record, lineNo);
      // All of a record but the issuer's name is ASCII: its bytes are its characters.
      const text = record.toString("latin1");
      if (lineNo === 1) continue;
      if (text.startsWith("T")) {
        trailer = text;
        continue;
      }
      const read = readRecord(text, lineNo, names);
      if (read.amountMinor > 0n) {
        sums.approvals++;
        sums.approvedMinor += read.amountMinor;
      } else {
        sums.returns++;
        sums.returnedMinor -= read.amountMinor;
      }
      records.push(read);
    }
    rest = data.subarray(at);
    if (records.length > 0) yield records;
  }
  if (rest.length > 0)
    throw rest.includes(lineFeed)
      ? outOfStep(rest, lineNo + 1)
      : new Refusal("RECON_FILE_TRUNCATED", { line: lineNo + 1 });
  if (trailer === undefined) throw new Refusal("RECON_FILE_TRUNCATED", { line: lineNo + 1 });
  const said = [
    readCount(trailer.slice(1, 9)),
    readCount(trailer.slice(9, 17)),
    readCount(trailer.slice(17, 32)),
    readCount(trailer.slice(32, 40)),
    readCount(trailer.slice(40, 55)),
  ];
  if (said.includes(undefined)) throw new Refusal("RECON_FILE_MALFORMED", { line: lineNo });
  const found = [
    sums.approvals + sums.returns,
    sums.approvals,
    sums.approvedMinor,
    sums.returns,
    sums.returnedMinor,
  ];
  if (said.some((value, i) => value !== found[i])) throw new Refusal("RECON_FILE_TOTALS", { line: lineNo });
}

/** A record whose line feed is not where it belongs: Korean of another encoding has another length. */
function outOfStep(record: Buffer, line: number): Refusal {
  return isUtf8Korean(record)
    ? new Refusal("RECON_FILE_ENCODING", { line, expected: "EUC-KR" })
    : new Refusal("RECON_FILE_MALFORMED", { line });
}

/** True when the bytes have a Korean character as UTF-8 writes it, in three bytes. */
function isUtf8Korean(bytes: Buffer): boolean {
  for (let i = 0; i + 2 < bytes.length; i++) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(i, i + 3);
    if (first >= 0xea && first <= 0xed && isContinuation(second) && isContinuation(third)) return true;
  }
  return false;
}
const isContinuation = (byte: number) => byte >= 0x80 && byte <= 0xbf;

const strictKorean = new TextDecoder("euc-kr", { fatal: true });

/** The issuer's name. Both bytes of an EUC-KR character are above 0xA0. */
function readName(field: string, line: number, names: Map<string, string>): string {
  const known = names.get(field);
  if (known !== undefined) return known;
  if (!/^(?:[ -~]|[\u00A1-\u00FE]{2})*$/.test(field))
    throw new Refusal("RECON_FILE_ENCODING", { line, expected: "EUC-KR" });
  let name: string;
  try {
    name = strictKorean.decode(Buffer.from(field, "latin1")).trimEnd();
  } catch {
    throw new Refusal("RECON_FILE_ENCODING", { line, expected: "EUC-KR" });
  }
  // There are a few dozen issuers; a file that has more names than that is not kept in mind.
  if (names.size < 1_000) names.set(field, name);
  return name;
}

const dataPart = /^D[ -~]+$/;

function readRecord(text: string, line: number, names: Map<string, string>): VanRecord {
  const malformed = () => new Refusal("RECON_FILE_MALFORMED", { line });
  const facts = text.slice(0, 182);
  if (!dataPart.test(facts))
    throw /^D/.test(facts) ? new Refusal("RECON_FILE_ENCODING", { line, expected: "EUC-KR" }) : malformed();
  const kind = facts.charAt(1);
  const traceNo = facts.slice(2, 22).trimEnd();
  const originalTraceNo = facts.slice(22, 42).trimEnd();
  const amountMinor = readCount(facts.slice(154, 166));
  const processedAt = readTime(facts.slice(166, 180));
  if (!isRecordKind(kind) || !traceNo || !originalTraceNo || !amountMinor || !processedAt) throw malformed();
  return {
    ...recordKeyOf(kind, traceNo, originalTraceNo),
    originalTraceNo,
    mallId: facts.slice(42, 82).trimEnd(),
    orderId: facts.slice(82, 146).trimEnd(),
    approvalNo: facts.slice(146, 154).trimEnd(),
    amountMinor: signedBy(kind, amountMinor),
    issuerCode: facts.slice(180).trimEnd(),
    issuerName: readName(text.slice(182), line, names),
    processedAt,
  };
}

/** `YYYYMMDDhhmmss` in Seoul. */
function readTime(text: string): Date | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
  if (!isBusinessDate(`${y}-${mo}-${d}`)) return undefined;
  const at = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}+09:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
