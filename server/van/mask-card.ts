import type { Card } from "#server/van/van-gateway.ts";

/** The card number as it may be kept: same length, only BIN (6) and the last four digits readable. */
export function maskCardNumber(number: string): string {
  const hidden = Math.max(0, number.length - 10);
  return number.slice(0, 6) + "*".repeat(hidden) + number.slice(6 + hidden);
}

/** The card's expiry as a message carries it, `YYMM`. */
export function expiryOf({ expiryYear, expiryMonth }: Card): string {
  return expiryYear.slice(-2) + expiryMonth.padStart(2, "0");
}

/** Text that is kept with no digit left of it, in the same length. */
export function maskDigits(text: string): string {
  return text.replaceAll(/\d/g, "*");
}

/**
 * A copy of an answer, of the same length, in which every occurrence of the card number is masked, also one that
 * the end cuts off, and the expiry where it is named or follows the number. A VAN should not send them back, but might.
 */
export function maskCardIn(bytes: Uint8Array, card: Card): Uint8Array<ArrayBuffer> {
  const { number } = card;
  const expiry = writtenExpiry(card);
  // Four digits alone may be part of an amount, a time or an id, so the expiry is known by what stands before it:
  // signs that no id of ours contains, for an answer to the order `exp-3012` must keep that id.
  const withNumber = new RegExp(`${number}(?:[ =^|/]{0,6}(?:${expiry}))?`, "g");
  const named = new RegExp(`(exp[a-z_]*["']?\\s?[:=#][\\s"'#]*)(${expiry})`, "gi");
  // One character a byte, so that what is not touched comes back as the same bytes.
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replaceAll(withNumber, (found) => maskCardNumber(number) + maskDigits(found.slice(number.length)))
    .replaceAll(named, (_, name: string, value: string) => name + maskDigits(value));
  return new Uint8Array(Buffer.from(maskCutNumber(text, number), "latin1"));
}

/** The ways an expiry is written, as a pattern: `3012`, `1230`, `203012`, `12/30`, `12/2030`, `2030-12`. */
function writtenExpiry(card: Card): string {
  const yearMonth = expiryOf(card);
  const [year, month] = [`(?:20)?${yearMonth.slice(0, 2)}`, yearMonth.slice(2)];
  return `${year}[-/.]?${month}|${month}[-/.]?${year}`;
}

function maskCutNumber(text: string, number: string): string {
  for (let length = number.length - 1; length > 6; length--)
    if (text.endsWith(number.slice(0, length)))
      return text.slice(0, text.length - length + 6) + "*".repeat(length - 6);
  return text;
}
