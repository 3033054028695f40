const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Tells a person what is being done and how long it took; spins only on a terminal. */
export class Progress {
  readonly #isTerminal = process.stdout.isTTY === true;
  readonly #active = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  /** Runs one step and prints its line. `work` may return a remark to show beside the label. */
  async step<T>(label: string, work: () => Promise<T>, remark?: (result: T) => string): Promise<T> {
    const startedAt = Date.now();
    this.#active.set(label, startedAt);
    this.#spin();
    try {
      const result = await work();
      this.#active.delete(label);
      const note = remark?.(result) ?? "";
      this.print(`✓ ${label}${note === "" ? "" : `: ${note}`} (${seconds(startedAt)})`);
      return result;
    } catch (error) {
      this.#active.delete(label);
      this.print(`✗ ${label} (${seconds(startedAt)})`);
      throw error;
    } finally {
      this.#spin();
    }
  }

  /** Prints a line above the spinner. */
  print(line: string): void {
    if (this.#isTerminal) process.stdout.write("\r\x1b[2K");
    process.stdout.write(`${line}\n`);
  }

  #spin(): void {
    clearInterval(this.#timer);
    if (!this.#isTerminal) return;
    process.stdout.write("\r\x1b[2K");
    if (this.#active.size === 0) return;
    this.#timer = setInterval(() => {
      this.#frame = (this.#frame + 1) % frames.length;
      const labels = [...this.#active]
        .map(([label, startedAt]) => `${label} ${seconds(startedAt)}`)
        .join(" · ");
      process.stdout.write(`\r\x1b[2K${frames[this.#frame]} ${labels}`);
    }, 100);
    this.#timer.unref();
  }
}

function seconds(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
