import type { AddressInfo, Server, Socket } from "node:net";
import { Book } from "./book.ts";
import { createControlServer } from "./control-server.ts";
import { Engine } from "./engine.ts";
import { Journal, journalPaths } from "./journal.ts";
import { createSbx1Server } from "./sbx1-server.ts";
import { createSbx2Server } from "./sbx2-server.ts";
import { depositFile, sbx1File, sbx2File } from "./settlement-file.ts";

/**
 * One sandbox VAN as a process of its own. Settings: `SANDBOX_VAN_CODE` (SBX1, SBX2), `SANDBOX_VAN_PORT`,
 * `SANDBOX_VAN_CONTROL_PORT` (0 = any free port, said in the `ready` line), `SANDBOX_VAN_DATA_DIR`,
 * `SANDBOX_VAN_LATENCY_MS` (20), `PAYDECK_SUPERVISED=1` to end with the supervisor.
 */

const host = "127.0.0.1";
/** What each keeps of what it pays in, unless `PUT /settings` says otherwise. */
const feeRatesE5 = { SBX1: 1_500, SBX2: 1_700 } as const;

function log(level: "info" | "warn" | "error", message: string, facts: Record<string, unknown> = {}): void {
  process.stdout.write(
    `${JSON.stringify({ "@timestamp": new Date().toISOString(), "log.level": level, message, ...facts })}\n`,
  );
}

function stopBecause(message: string): never {
  log("error", message);
  process.exit(1);
}

function readSettings(env: NodeJS.ProcessEnv) {
  const code = env.SANDBOX_VAN_CODE;
  if (code !== "SBX1" && code !== "SBX2") stopBecause("SANDBOX_VAN_CODE must be SBX1 or SBX2.");
  const dataDir = env.SANDBOX_VAN_DATA_DIR;
  if (!dataDir) stopBecause("SANDBOX_VAN_DATA_DIR is not set: it names the directory of the VAN's journal.");
  const port = (name: string) => {
    const value = Number(env[name] || "none");
    if (!Number.isInteger(value) || value < 0 || value > 65_535)
      stopBecause(`${name} must be a port number, 0 for any free port.`);
    return value;
  };
  const latencyMs = Number(env.SANDBOX_VAN_LATENCY_MS || "20");
  if (!(latencyMs >= 0 && latencyMs <= 60_000))
    stopBecause("SANDBOX_VAN_LATENCY_MS must be from 0 to 60000.");
  return {
    code,
    dataDir,
    port: port("SANDBOX_VAN_PORT"),
    controlPort: port("SANDBOX_VAN_CONTROL_PORT"),
    latencyMs,
  } as const;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The door for payments, which `DOWN` shuts: the port is closed and every connection cut. */
class Door {
  readonly #create: () => Server;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  port: number;

  constructor(create: () => Server, port: number) {
    this.#create = create;
    this.port = port;
  }

  get isOpen(): boolean {
    return this.#server !== null;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const server = this.#create();
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    this.#server = server;
    this.port = await listen(server, this.port);
  }

  close(): void {
    this.#server?.close();
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function main(): Promise<void> {
  const { code, dataDir, port, controlPort, latencyMs } = readSettings(process.env);
  const book = new Book(code);
  const journal = await Journal.open(journalPaths(dataDir, code), {
    apply: (line) => book.apply(line),
    warn: (text) => log("warn", text, { van: code }),
    // The book in memory is ahead of the disk now. Only the journal is true, so start again from it.
    onBroken: (error) =>
      stopBecause(
        `The journal cannot be written (${error instanceof Error ? error.message : String(error)}). Free some space and start again.`,
      ),
  });
  const engine = new Engine(book, journal, {
    unknownOriginal: code === "SBX1" ? "tombstone" : "notfound",
    latencyMs,
    duplicateReplyProbability: 0,
    feeRateE5: feeRatesE5[code],
  });
  const door = new Door(() => (code === "SBX1" ? createSbx1Server(engine) : createSbx2Server(engine)), port);

  // A DOWN with an end opens the door again by itself.
  let reopen: NodeJS.Timeout | undefined;
  const faultChanged = async () => {
    clearTimeout(reopen);
    const fault = engine.randomFault;
    if (fault?.fault !== "DOWN") {
      await door.open();
      return;
    }
    door.close();
    if (fault.until) reopen = setTimeout(() => void faultChanged(), fault.until.getTime() - Date.now() + 1);
  };

  const control = createControlServer({
    code,
    engine,
    faultChanged,
    fileOf: (date) =>
      code === "SBX1"
        ? { type: "text/csv; charset=utf-8", bytes: sbx1File(book, date) }
        : { type: "text/plain; charset=euc-kr", bytes: sbx2File(book, date) },
    depositOf: (date) => ({
      type: "text/csv; charset=utf-8",
      bytes: depositFile(book, code, date, engine.settings.feeRateE5),
    }),
  });
  await door.open();
  const openControlPort = await listen(control, controlPort);
  log("info", "ready", {
    van: code,
    port: door.port,
    controlPort: openControlPort,
    messages: book.ledger.length,
  });

  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    clearTimeout(reopen);
    door.close();
    control.close();
    control.closeAllConnections();
    await journal.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
  if (process.env.PAYDECK_SUPERVISED === "1") process.on("disconnect", () => void stop());
}

try {
  await main();
} catch (error) {
  const busy = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  stopBecause(
    busy
      ? `Port ${(error as { port?: number }).port} is in use. Choose another SANDBOX_VAN_PORT or SANDBOX_VAN_CONTROL_PORT.`
      : error instanceof Error
        ? error.message
        : String(error),
  );
}
