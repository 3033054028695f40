/**
 * A finished transaction in a flat list of numbers: end time (epoch milliseconds), response time (milliseconds), outcome
 * and operation as places in `xViewOutcomes` and `xViewOperations`, VAN and mall as places in the reply's lists.
 */
export const numbersPerPoint = 6;

/**
 * Packs points, the oldest first, as base64 of four numbers each: milliseconds since the point before (the first: since
 * `firstAtMs`), response time in milliseconds, `van · 16 + operation · 8 + outcome`, mall. A number is written in groups
 * of seven bits, the lowest first, the eighth bit saying that more follow. At 55 answers a second that is 5 bytes a
 * point, 7 in base64.
 */
export function packPoints(numbers: ArrayLike<number>): { firstAtMs: number; base64: string } {
  const firstAtMs = numbers[0] ?? 0;
  const bytes = new Uint8Array((numbers.length / numbersPerPoint) * 4 * 5);
  let length = 0;
  const write = (value: number) => {
    let rest = value;
    while (rest > 127) {
      bytes[length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[length++] = rest;
  };
  let beforeMs = firstAtMs;
  for (let index = 0; index < numbers.length; index += numbersPerPoint) {
    const atMs = numbers[index] ?? 0;
    write(atMs - beforeMs);
    write(numbers[index + 1] ?? 0);
    write((numbers[index + 4] ?? 0) * 16 + (numbers[index + 3] ?? 0) * 8 + (numbers[index + 2] ?? 0));
    write(numbers[index + 5] ?? 0);
    beforeMs = atMs;
  }
  return { firstAtMs, base64: Buffer.from(bytes.buffer, 0, length).toString("base64") };
}
