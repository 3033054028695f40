/** As much of PostgreSQL's wire protocol as it takes to see which statement a client is about to execute. */

const sslRequestCode = 80_877_103;
const gssRequestCode = 80_877_104;

/** Cuts a stream of `type byte, length, payload` messages; `onMessage` gets each whole one. */
class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #onMessage: (type: string, payload: Buffer) => void;
  /** A client's first messages have no type byte. */
  #isStarting: boolean;

  constructor(isStarting: boolean, onMessage: (type: string, payload: Buffer) => void) {
    this.#isStarting = isStarting;
    this.#onMessage = onMessage;
  }

  read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#isStarting ? 0 : 1;
      if (this.#rest.length < head + 4) return;
      const length = this.#rest.readInt32BE(head);
      if (this.#rest.length < head + length) return;
      const payload = this.#rest.subarray(head + 4, head + length);
      const type = this.#isStarting ? "" : String.fromCharCode(this.#rest[0] ?? 0);
      this.#rest = this.#rest.subarray(head + length);
      if (this.#isStarting) this.#isStarting = isEncryptionRequest(payload);
      else this.#onMessage(type, payload);
    }
  }
}

function isEncryptionRequest(payload: Buffer): boolean {
  return payload.length === 4 && [sslRequestCode, gssRequestCode].includes(payload.readInt32BE(0));
}

/**
 * Follows what a client says from its first byte on and names each statement it executes: a prepared one by its name,
 * a simple query by its text (`COMMIT`). `read` answers those whose message became whole with this chunk.
 */
export class StatementReader {
  #found: string[] = [];
  readonly #messages = new MessageReader(true, (type, payload) => {
    if (type === "B") this.#found.push(secondText(payload));
    if (type === "Q") this.#found.push(firstText(payload).trim());
  });

  read(chunk: Buffer): string[] {
    this.#found = [];
    this.#messages.read(chunk);
    return this.#found;
  }
}

/** Follows a server that has just been asked something; `isReady` once it has done all it was asked, commit included. */
export class ReadyReader {
  isReady = false;
  readonly #messages = new MessageReader(false, (type) => {
    if (type === "Z") this.isReady = true;
  });

  read(chunk: Buffer): void {
    this.#messages.read(chunk);
  }
}

function firstText(payload: Buffer): string {
  const end = payload.indexOf(0);
  return payload.toString("utf8", 0, end < 0 ? payload.length : end);
}

/** Bind begins with the portal's name and the statement's, each ended by a zero. */
function secondText(payload: Buffer): string {
  return firstText(payload.subarray(payload.indexOf(0) + 1));
}
