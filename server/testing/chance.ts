/** Draws that are the same for the same seed, so that a case which failed once fails again. */
export function chance(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    /** A whole number from `min` to `max`, both of them included. */
    whole,
    one<T>(of: readonly [T, ...T[]]): T {
      return of[whole(0, of.length - 1)] ?? of[0];
    },
  };
}
