/**
 * How Node runs a worker. What it does comes in long streams of rows, most of which are garbage a moment later: with the
 * room for new objects that Node gives itself, an export's memory grows to half as much again, and is no faster for it.
 */
export const workerNodeFlags: readonly string[] = ["--max-semi-space-size=4"];
