import { approvalNoOf, issuerOf } from "#server/van/sandbox/issuers.ts";
import { formatJournalLine, type JournalLine } from "#server/van/sandbox/journal-format.ts";
import { type DemoVanCode, demoVans } from "./demo-vans.ts";
import type { Story, VanLine } from "./story.ts";

export type VanJournals = Readonly<{
  /** What the sandbox VANs are to remember, a file each. */
  texts: Readonly<Record<DemoVanCode, string>>;
  /** The approval number that the VAN gave, for each story it approved. */
  approvalNoOf: ReadonlyMap<Story, string>;
}>;

/** Writes the books of the sandbox VANs: the same history as theirs to tell. Numbers approvals as they do. */
export function keepVanJournals(stories: readonly Story[]): VanJournals {
  const approvalNos = new Map<Story, string>();
  const texts: Record<DemoVanCode, string> = { SBX1: "", SBX2: "" };
  for (const { code } of demoVans) {
    const lines = stories
      .filter((story) => story.payment.vanCode === code)
      .flatMap((story) => story.vanLines.map((entry) => ({ ...entry, story })))
      .sort((a, b) => a.at.getTime() - b.at.getTime());
    let approved = 0;
    texts[code] = lines
      .map(({ story, at, line }) => {
        if (line.type === "APPROVE" && line.reason === "OK")
          approvalNos.set(story, approvalNoOf(code, approved++));
        return formatJournalLine(journalLine(story, line, at, approvalNos.get(story) ?? ""));
      })
      .join("");
  }
  return { texts, approvalNoOf: approvalNos };
}

function journalLine({ payment }: Story, line: VanLine, at: Date, approvalNo: string): JournalLine {
  const { mallId, orderId, traceNo } = payment;
  const amount = Number(payment.amountMinor);
  const said = { at: at.toISOString(), mallId, orderId, reason: line.reason };
  switch (line.type) {
    case "APPROVE": {
      const issuer = issuerOf(payment.cardBin ?? "");
      const isApproved = line.reason === "OK";
      return {
        type: "APPROVE",
        ...said,
        traceNo,
        amount,
        result: isApproved ? "APPROVED" : "DECLINED",
        currency: payment.currency,
        approvalNo: isApproved ? approvalNo : "",
        bin: payment.cardBin ?? "",
        last4: payment.cardLast4 ?? "",
        issuerCode: issuer.code,
        issuerName: issuer.name,
        installmentMonths: payment.installmentMonths,
        ...(line.late ? { late: true } : {}),
      };
    }
    case "CANCEL":
      return {
        type: "CANCEL",
        ...said,
        traceNo: line.cancel.traceNo,
        originalTraceNo: traceNo,
        amount: Number(line.cancel.amountMinor),
        result: line.reason === "OK" ? "CANCELED" : "REFUSED",
      };
    case "NET_CANCEL":
      return { type: "NET_CANCEL", ...said, traceNo, amount, result: line.result };
    case "INQUIRY":
      return {
        type: "INQUIRY",
        ...said,
        traceNo: line.cancel?.traceNo ?? traceNo,
        amount: line.result === "NOT_FOUND" ? 0 : Number(line.cancel?.amountMinor ?? payment.amountMinor),
        result: line.result,
      };
  }
}
