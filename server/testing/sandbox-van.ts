import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One row of a sandbox VAN's ledger, as its control port tells it. */
export type LedgerRow = {
  seq: number;
  type: string;
  traceNo: string;
  originalTraceNo?: string;
  mallId: string;
  orderId: string;
  amount: number;
  result: string;
  reason: string;
  at: string;
};

/** A sandbox VAN as a real process, for tests. Its ledger is the referee: what it says happened, happened. */
export class SandboxVan {
  readonly code: "SBX1" | "SBX2";
  readonly dataDir: string;
  readonly #latencyMs: number;
  #child: ChildProcess | null = null;
  port = 0;
  controlPort = 0;

  private constructor(code: "SBX1" | "SBX2", dataDir: string, latencyMs: number) {
    this.code = code;
    this.dataDir = dataDir;
    this.#latencyMs = latencyMs;
  }

  /** Starts a VAN on free ports, with a book of its own unless `dataDir` names one. */
  static async start(
    code: "SBX1" | "SBX2",
    options: { latencyMs?: number; dataDir?: string } = {},
  ): Promise<SandboxVan> {
    const van = new SandboxVan(
      code,
      options.dataDir ?? mkdtempSync(join(tmpdir(), "paydeck-van-")),
      options.latencyMs ?? 2,
    );
    await van.#spawn();
    return van;
  }

  /** What `VAN_<CODE>_URL` would be. */
  get url(): string {
    return `${this.code === "SBX1" ? "http" : "tcp"}://127.0.0.1:${this.port}`;
  }

  async #spawn(): Promise<void> {
    const child = spawn(process.execPath, ["server/van/sandbox/main.ts"], {
      // The channel ends with this process, and the VAN with the channel: a test run that dies leaves nothing behind.
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      env: {
        ...process.env,
        PAYDECK_SUPERVISED: "1",
        SANDBOX_VAN_CODE: this.code,
        SANDBOX_VAN_PORT: String(this.port),
        SANDBOX_VAN_CONTROL_PORT: String(this.controlPort),
        SANDBOX_VAN_DATA_DIR: this.dataDir,
        SANDBOX_VAN_LATENCY_MS: String(this.#latencyMs),
      },
    });
    this.#child = child;
    const { stdout } = child;
    if (!stdout) throw new Error("the sandbox VAN has a pipe for what it says");
    const lines: string[] = [];
    for await (const line of createInterface({ input: stdout })) {
      lines.push(line);
      const said = JSON.parse(line) as { message: string; port?: number; controlPort?: number };
      if (said.message !== "ready" || !said.port || !said.controlPort) continue;
      this.port = said.port;
      this.controlPort = said.controlPort;
      stdout.resume();
      return;
    }
    throw new Error(`The sandbox VAN ended before it was ready: ${lines.join(" ")}`);
  }

  /** Ends the process at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends the process in order. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Ends the process and removes its book. */
  async discard(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
    this.#child = null;
  }

  /** Starts it again after `kill` or `stop`, on the same ports and book. */
  async restart(): Promise<void> {
    await this.#spawn();
  }

  async control(method: "GET" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Response> {
    const init =
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    return fetch(`http://127.0.0.1:${this.controlPort}${path}`, init);
  }

  /** Everything the VAN processed about one order, oldest first. */
  async ledger(orderId: string): Promise<LedgerRow[]> {
    const response = await this.control("GET", `/ledger?orderId=${encodeURIComponent(orderId)}`);
    return (await response.json()) as LedgerRow[];
  }

  /** `type:result` of the ledger of one order, inquiries left out. */
  async story(orderId: string): Promise<string[]> {
    return (await this.ledger(orderId))
      .filter((row) => row.type !== "INQUIRY")
      .map((row) => `${row.type}:${row.result}`);
  }
}
