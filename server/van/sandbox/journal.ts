import {
  closeSync,
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { formatJournalLine, type JournalLine, parseJournalLine } from "./journal-format.ts";

/** Where one VAN keeps its journal. */
export function journalPaths(dataDir: string, code: string): { journal: string; seed: string } {
  return { journal: join(dataDir, `${code}.jsonl`), seed: join(dataDir, `${code}.seed.jsonl`) };
}

/**
 * An append-only file that many messages share the cost of: lines appended while a write is under way go
 * out together with the next one. What `durable` has resolved for survives a kill and a power cut.
 */
export class Journal {
  readonly #file: FileHandle;
  readonly #onBroken: (error: unknown) => void;
  #waiting = "";
  #written: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  private constructor(file: FileHandle, onBroken: (error: unknown) => void) {
    this.#file = file;
    this.#onBroken = onBroken;
  }

  /**
   * Opens the journal, handing every line in it to `apply` first. An empty journal begins as a copy of the
   * seed, if there is one. A last line without its line feed was being written when the process died and
   * was never answered: it is cut off, and `warn` is told. Any other line that cannot be read is an error,
   * because a book with a hole is no book. `onBroken` hears of a failed write: nothing may be answered any more.
   */
  static async open(
    paths: Readonly<{ journal: string; seed: string }>,
    hooks: Readonly<{
      apply: (line: JournalLine) => void;
      warn: (text: string) => void;
      onBroken: (error: unknown) => void;
    }>,
  ): Promise<Journal> {
    mkdirSync(join(paths.journal, ".."), { recursive: true });
    const isNew = !existsSync(paths.journal) || statSync(paths.journal).size === 0;
    if (isNew && existsSync(paths.seed)) {
      const half = `${paths.journal}.new`;
      copyFileSync(paths.seed, half, constants.COPYFILE_FICLONE);
      sync(half);
      renameSync(half, paths.journal);
    }
    if (existsSync(paths.journal)) {
      const cutBytes = cutTornLine(paths.journal);
      if (cutBytes > 0)
        hooks.warn(`The last line of ${paths.journal} was torn; ${cutBytes} bytes of it were dropped.`);
      let number = 0;
      for await (const text of createInterface({
        input: createReadStream(paths.journal),
        crlfDelay: Infinity,
      })) {
        number++;
        try {
          hooks.apply(parseJournalLine(text));
        } catch (error) {
          throw new Error(
            `Line ${number} of ${paths.journal} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
    }
    return new Journal(await open(paths.journal, "a"), hooks.onBroken);
  }

  /** Puts a line in its place. It is on disk once a later `durable` has resolved. */
  append(line: JournalLine): void {
    this.#waiting += formatJournalLine(line);
    this.#next ??= this.#written.then(() => this.#flush());
  }

  /** Resolves when everything appended so far is on disk. */
  durable(): Promise<void> {
    return this.#next ?? this.#written;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting, "utf8");
    this.#waiting = "";
    this.#written = this.#next ?? Promise.resolve();
    this.#next = null;
    try {
      let done = 0;
      while (done < bytes.length)
        done += (await this.#file.write(bytes, done, bytes.length - done)).bytesWritten;
      await this.#file.datasync();
    } catch (error) {
      this.#onBroken(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.durable();
    await this.#file.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Cuts what follows the last line feed. Returns how many bytes that was. */
function cutTornLine(path: string): number {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    const chunk = Buffer.alloc(65_536);
    let end = size;
    while (end > 0) {
      const start = Math.max(0, end - chunk.length);
      const read = readSync(file, chunk, 0, end - start, start);
      const lineFeed = chunk.subarray(0, read).lastIndexOf(0x0a);
      if (lineFeed >= 0) {
        const keep = start + lineFeed + 1;
        if (keep < size) ftruncateSync(file, keep);
        return size - keep;
      }
      end = start;
    }
    ftruncateSync(file, 0);
    return size;
  } finally {
    closeSync(file);
  }
}
