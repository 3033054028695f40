import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Pool } from "undici";

/** An answer of the mall API: the body as it came, byte for byte, and what it says. */
export type ApiAnswer = Readonly<{
  status: number;
  replayed: boolean;
  text: string;
  code: string;
  data: Readonly<Record<string, unknown>>;
  /** When the last byte had come, on the clock of `performance.now()`. */
  atMs: number;
}>;

/** A web process that serves the mall API, with pools of its own, for tests of what several of them do to each other. */
export class ApiProcess {
  readonly #child: ChildProcess;
  readonly #pool: Pool;
  /** Where it listens, for a test that brings connections of its own. */
  readonly url: string;

  private constructor(child: ChildProcess, pool: Pool, url: string) {
    this.#child = child;
    this.#pool = pool;
    this.url = url;
  }

  /** Starts one on a free port and waits until it answers. `env` holds its settings beside port, role and the like. */
  static async start(env: Readonly<Record<string, string>>): Promise<ApiProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, ["server/http/main.ts"], {
      // The channel ends with this process, and the child with the channel: a test run that dies leaves nothing behind.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        PAYDECK_SUPERVISED: "1",
        PAYDECK_ROLE: "api",
        PAYDECK_HOST: "127.0.0.1",
        PORT: String(port),
        LOG_LEVEL: "fatal",
        ...env,
      },
    });
    const url = `http://127.0.0.1:${port}`;
    const pool = new Pool(url, { connections: 128, headersTimeout: 30_000 });
    const api = new ApiProcess(child, pool, url);
    await api.#untilItAnswers();
    return api;
  }

  async #untilItAnswers(): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error("the web process ended before it was ready");
      try {
        const { statusCode, body } = await this.#pool.request({ method: "GET", path: "/api/health/live" });
        await body.dump();
        if (statusCode === 200) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Posts a mall's request under `/api/v1`. Throws only for what is no HTTP answer, such as a reset connection. */
  async post(path: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<ApiAnswer> {
    const response = await this.#pool.request({
      method: "POST",
      path: `/api/v1${path}`,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.body.text();
    const { code, data } = JSON.parse(text) as Pick<ApiAnswer, "code" | "data">;
    const replayed = response.headers["idempotent-replayed"] === "true";
    return { status: response.statusCode, replayed, text, code, data, atMs: performance.now() };
  }

  /** Sends SIGTERM and leaves all connections as they are; resolves with the exit code, or null after a kill. */
  async terminate(): Promise<number | null> {
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const [exitCode] = (await gone) as [number | null];
    return exitCode;
  }

  /** Sends SIGTERM once more, to a process that is ending. */
  remind(): void {
    this.#child.kill("SIGTERM");
  }

  /** Ends the process in order, and waits until it is gone. */
  async stop(): Promise<void> {
    await this.#pool.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await gone;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
