/** A card issuer as VANs name it: two digits, and the name on receipts. */
export type Issuer = Readonly<{ code: string; name: string }>;

const issuers: readonly Issuer[] = [
  { code: "01", name: "신한카드" },
  { code: "02", name: "KB국민카드" },
  { code: "03", name: "현대카드" },
  { code: "04", name: "삼성카드" },
  { code: "05", name: "롯데카드" },
  { code: "06", name: "비씨카드" },
  { code: "07", name: "하나카드" },
  { code: "08", name: "NH농협카드" },
  { code: "09", name: "우리카드" },
  { code: "10", name: "카카오뱅크" },
  { code: "11", name: "토스뱅크" },
  { code: "12", name: "씨티카드" },
];

/** The issuer of a BIN (first six digits). Invented, but always the same for one BIN. */
export function issuerOf(bin: string): Issuer {
  let sum = 0;
  for (let i = 0; i < bin.length; i++) sum = (sum * 31 + bin.charCodeAt(i)) % 9973;
  const issuer = issuers[sum % issuers.length];
  if (!issuer) throw new Error("the issuer table is empty");
  return issuer;
}

/** The n-th approval number of a VAN: eight digits, not repeated within fifty million, and never one of the other VAN's. */
export function approvalNoOf(vanCode: string, n: number): string {
  const turn = 2 * n + (vanCode === "SBX2" ? 1 : 0);
  return Number((30_418_827n + BigInt(turn) * 61_803_399n) % 100_000_000n)
    .toString()
    .padStart(8, "0");
}
