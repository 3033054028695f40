/** A body is shown up to here; what is longer is cut off, and said to be. */
export const shownBodyMaxChars = 16_384;

export type ShownBody = Readonly<{ text: string; isCut: boolean }>;

/**
 * A request or response body as a screen may show it: at most 16 KiB, without anything that is nobody's business:
 * mail addresses and telephone numbers in part, card numbers down to BIN and last four, keys and secrets down to what they are.
 */
export function maskBody(body: string): ShownBody {
  const isCut = body.length > shownBodyMaxChars;
  const text = (isCut ? body.slice(0, shownBodyMaxChars) : body)
    .replaceAll(/\b(sk_[a-z]+_|whsec_)[A-Za-z0-9+/=_-]{8,}/g, "$1…")
    .replaceAll(
      // Each run of letters is begun once and read at most so far: a hostile body costs no more than another.
      /(?<![A-Za-z0-9._%+-])([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})/g,
      "$1****@$2",
    )
    .replaceAll(/(?<![\d.])(01[016789])([ -]?)\d{3,4}([ -]?)(\d{4})(?!\d)/g, "$1$2****$3$4")
    .replaceAll(/(?<![\d.A-Za-z])\d(?:[ -]?\d){12,18}(?![\d.])/g, (digits) => maskCardNumber(digits));
  return { text, isCut };
}

/** Keeps the first six and the last four digits of what can be a card number, and leaves other numbers alone. */
function maskCardNumber(written: string): string {
  const digits = written.replaceAll(/\D/g, "");
  if (!isCardNumber(digits)) return written;
  let place = 0;
  return written.replaceAll(/\d/g, (digit) => {
    place++;
    return place > 6 && place <= digits.length - 4 ? "*" : digit;
  });
}

/** The check digit of a card number (Luhn). */
function isCardNumber(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
