import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";

/** An append-only log that moves itself to `<name>.1` once it is full, so that logs never fill the disk. */
export class LogFile {
  readonly path: string;
  readonly #limitBytes: number;
  #stream: WriteStream;
  #sizeBytes: number;

  constructor(path: string, limitBytes = 20 * 1024 * 1024) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
    this.#limitBytes = limitBytes;
    this.#sizeBytes = existsSync(path) ? statSync(path).size : 0;
    this.#stream = this.#open();
  }

  write(text: string): void {
    if (this.#sizeBytes > this.#limitBytes) {
      this.#stream.end();
      renameSync(this.path, `${this.path}.1`);
      this.#sizeBytes = 0;
      this.#stream = this.#open();
    }
    this.#sizeBytes += Buffer.byteLength(text);
    this.#stream.write(text);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(resolve));
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.path, { flags: "a", mode: 0o600 });
    // A full disk must not bring the supervisor down: the log loses lines, the payments do not.
    stream.on("error", () => undefined);
    return stream;
  }
}
