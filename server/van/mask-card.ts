/** The card number as it may be kept: same length, digits 7 to 12 as `*`, so BIN and the last four stay readable. */
export function maskCardNumber(number: string): string {
  return `${number.slice(0, 6)}${"*".repeat(Math.max(0, Math.min(number.length, 12) - 6))}${number.slice(12)}`;
}

/** A copy of `bytes` in which every occurrence of the card number is masked. A VAN should not send it back, but might. */
export function maskCardIn(bytes: Uint8Array, number: string): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const view = Buffer.from(copy.buffer);
  const mask = Buffer.from(maskCardNumber(number), "latin1");
  for (let at = view.indexOf(number, 0, "latin1"); at >= 0; at = view.indexOf(number, at + 1, "latin1"))
    mask.copy(view, at);
  return copy;
}
