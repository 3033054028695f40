/** How many things one run takes. */
export const runItemsMax = 5_000;

/** The rates that screens offer, in things a second; the server takes any between the first and the last. */
export const ratesPerSecond = [1, 5, 10, 20, 50] as const;
export const defaultRatePerSecond = 5;
export const [slowest] = ratesPerSecond;
export const fastest = ratesPerSecond[ratesPerSecond.length - 1] ?? slowest;

/** After how many failures in a row a run may pause itself. */
export const failuresToPauseChoices = [3, 10] as const;
export const runReasonLengthMax = 200;
