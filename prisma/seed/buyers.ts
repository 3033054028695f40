import type { Keys } from "#server/platform/keys.ts";
import { demoBins } from "./demo-vans.ts";
import type { Random } from "./random.ts";

/** Someone who buys, with one card. The card number is made up and forgotten: only what the platform keeps is here. */
export type Buyer = Readonly<{
  name: string;
  email: string;
  phone: string;
  bin: string;
  last4: string;
  expiryYear: string;
  expiryMonth: string;
  fingerprint: Buffer;
}>;

const familyNames = [
  "김",
  "이",
  "박",
  "최",
  "정",
  "강",
  "조",
  "윤",
  "장",
  "임",
  "한",
  "오",
  "서",
  "신",
  "권",
  "황",
  "안",
  "송",
  "류",
  "홍",
] as const;
const givenNames = [
  "민준",
  "서연",
  "도윤",
  "지우",
  "하준",
  "서현",
  "예준",
  "하은",
  "시우",
  "민서",
  "지호",
  "윤서",
  "준우",
  "채원",
  "현우",
  "지민",
  "유진",
  "수빈",
  "은지",
  "태현",
  "성민",
  "혜진",
  "동현",
  "미영",
  "영호",
  "정숙",
] as const;

/** Makes the buyers of the demo. No card is a test card of the sandbox VANs (those end in 00xx). */
export function makeBuyers(random: Random, keys: Keys, count: number): Buyer[] {
  return Array.from({ length: count }, (_, index) => {
    const number = cardNumber(random);
    return {
      name: random.pick(familyNames) + random.pick(givenNames),
      email: `buyer${index + 1}@example.com`,
      phone: `010-0000-${random.digits(4)}`,
      bin: number.slice(0, 6),
      last4: number.slice(-4),
      expiryYear: String(random.int(27, 31)),
      expiryMonth: String(random.int(1, 12)).padStart(2, "0"),
      fingerprint: keys.fingerprintCard(number),
    };
  });
}

/** A card number of an ordinary card with a right check digit. */
export function cardNumber(random: Random): string {
  for (;;) {
    const body = random.pick(demoBins) + random.digits(9);
    const number = body + luhnDigit(body);
    if (!number.slice(-4).startsWith("00")) return number;
  }
}

function luhnDigit(body: string): number {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}
