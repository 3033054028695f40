/** What a piece of work took. `rows` are what it worked on. */
export type Measured = Readonly<{
  name: string;
  rows: number;
  seconds: number;
  rowsPerSecond: number;
  /** The highest memory of this process meanwhile. */
  peakRssMb: number;
}>;

/** Times work, which returns how many rows it was, and watches the memory of this process. */
export async function measure(name: string, work: () => Promise<number>): Promise<Measured> {
  let peak = process.memoryUsage.rss();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const startedMs = performance.now();
  const rows = await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  clearInterval(watch);
  return { name, rows, seconds, rowsPerSecond: rows / seconds, peakRssMb: peak / 2 ** 20 };
}
