/**
 * `npm run bench -- console [--payments 1000000] [--times 10] [--page /payments]`: the console's pages over a million payments. Starts
 * services of its own, plants the demo, fills the table of payments, opens each page in a browser and prints, for each:
 * how long until it is usable (first visit, and the median of later ones in the same tab), how long the server takes for
 * it and for each of its questions (95 of 100 are faster) with the slowest, and the compressed scripts that its document
 * names, with those that follow. The goals are those of the console: 1 s, 150 ms, 250 kB.
 * Then, with 50,000 points more in the last hour, the frames a second of the X-View's plot beside those of a blank page.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { findFreePort } from "#scripts/services/free-port.ts";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { choosePorts, loadSecrets } from "#scripts/services/local-state.ts";
import { findOnPath } from "#scripts/services/run-command.ts";
import { exitWith } from "#scripts/services/setup-error.ts";
import { webSpec } from "#scripts/supervisor/children.ts";
import { readDemoFile } from "#scripts/supervisor/demo-file.ts";
import { buildWeb } from "#scripts/supervisor/prepare-code.ts";
import { childEnvironment, readSettings } from "#scripts/supervisor/settings.ts";
import { SupervisedProcess } from "#scripts/supervisor/supervised-process.ts";
import { findBrowser } from "#scripts/testing/find-browser.ts";
import { askForExamples } from "./console/ask-for-examples.ts";
import { loadLastHour, loadPayments } from "./console/load-payments.ts";
import { measurePage, quantile } from "./console/measure-page.ts";
import { measureXView } from "./console/measure-x-view.ts";
import { settleUntilYesterday } from "./console/settle-until-yesterday.ts";

/** Points that an hour of the X-View has beside those of the demo. */
const hourPoints = 50_000;
const goals = { usableMs: 1_000, serverMs: 150, scriptBytes: 250_000 };

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "1000000" },
    times: { type: "string", default: "10" },
    /** Only these pages; may be given more than once. */
    page: { type: "string", multiple: true },
  },
});
const paymentsWanted = Number(values.payments);
const times = Number(values.times);
const say = (text: string) => console.log(text);
const listener = { onNotice: () => undefined, onLine: () => undefined };

/** Every page that an operator opens; `{payment}`, `{mall}` and the like stand for one of them. */
const pages = [
  "/",
  "/payments",
  "/payments?date=30d&status=CANCELED",
  "/payments?date=30d&q=0042",
  "/payments/{payment}",
  "/unknown",
  "/dead-letters",
  "/bulk",
  "/bulk/new",
  "/bulk/{run}",
  "/x-view?window=60",
  "/latency",
  "/vans",
  "/malls",
  "/malls/{mall}",
  "/webhooks",
  "/webhooks/endpoints",
  "/webhooks/endpoints/{endpoint}",
  "/settlements",
  "/settlements/{settlement}",
  "/settlements/calendar",
  "/settlements/fund",
  "/reconciliation",
  "/reconciliation/items?show=all",
  "/change-requests",
  "/change-requests/{request}",
  "/change-requests/policy",
  "/integrity",
  "/audit",
  "/exports",
  "/people",
  "/sessions",
];

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "paydeck-bench-console-"));
  Object.assign(process.env, {
    PAYDECK_DATA_DIR: dataDir,
    PORT: String(await findFreePort()),
    PAYDECK_DEMO: "1",
    PAYDECK_ROLE: "all",
  });
  let services: LocalServices | undefined;
  let web: SupervisedProcess | undefined;
  let browser: Browser | undefined;
  try {
    const settings = await readSettings(root, false);
    services = await startLocalServices({ dataDir, listener, onProgress: say });
    const ports = await choosePorts(dataDir, ["vanSbx1", "vanSbx1Control", "vanSbx2", "vanSbx2Control"]);
    const env = childEnvironment(settings, { ...services, isEmbedded: true }, loadSecrets(dataDir), ports);
    await migrate(services.databaseUrl);
    say("… planting the demo");
    const seed = new SupervisedProcess(
      {
        name: "seed",
        command: process.execPath,
        args: ["prisma/seed.ts", `--data-dir=${dataDir}`],
        env,
        cwd: root,
        ipc: true,
        logPath: join(dataDir, "logs/seed.log"),
        stopSignal: "SIGTERM",
        graceMs: 5_000,
      },
      listener,
    );
    if ((await seed.runOnce()) !== 0)
      throw new Error(`the demo could not be planted: ${dataDir}/logs/seed.log`);
    say(`… loading ${paymentsWanted.toLocaleString("en-US")} payments`);
    await settleUntilYesterday(services.databaseUrl);
    const { payments, ids, cancelable } = await withClient(services.databaseUrl, fill);
    say("… building the console");
    await buildWeb(root, env, join(dataDir, "logs/build.log"));
    web = new SupervisedProcess(webSpec(settings, env), listener);
    await web.start();

    browser = await chromium.launch({
      // Without a window of its own to draw, only the page is measured.
      executablePath: findOnPath("chromium-headless-shell") ?? (await findBrowser(say)),
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
    const signedIn = await browser.newContext({ baseURL: settings.baseUrl, locale: "ko-KR" });
    const admin = readDemoFile(dataDir)?.operators.find(({ role }) => role === "ADMIN");
    if (!admin) throw new Error("the demo has no ADMIN");
    const floor = await measureFloor(signedIn, times);
    const first = await measurePage(signedIn, "/sign-in", times);
    const page = await signedIn.newPage();
    await page.goto("/sign-in");
    await page.getByLabel("이메일").fill(admin.email);
    await page.getByLabel("비밀번호", { exact: true }).fill(admin.password);
    await page.getByRole("button", { name: "로그인", exact: true }).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    Object.assign(ids, await askForExamples(page.request, cancelable));
    const storageState = await signedIn.storageState();
    await signedIn.close();

    say(
      `\n${payments.toLocaleString("en-US")} payments; ${times} visits of each page after the first; Chromium ${browser.version()}\n`,
    );
    say(
      "| page | first visit | usable, median | server, 95 of 100 | slowest answer | scripts, gzip | later | |",
    );
    say("|---|---:|---:|---:|---|---:|---:|---|");
    say(
      `| (one line of text) | ${floor.coldMs.toFixed(0)} ms | ${floor.againMs.toFixed(0)} ms | | | | | the floor |`,
    );
    report(first);
    for (const path of values.page ?? pages) {
      // A context of its own has an empty cache, as a first visit has.
      const context = await browser.newContext({
        baseURL: settings.baseUrl,
        locale: "ko-KR",
        viewport: { width: 1440, height: 900 },
        storageState,
      });
      report(await measurePage(context, fillIn(path, ids), times));
      await context.close();
    }

    if (values.page) return;
    await withClient(services.databaseUrl, (client) => loadLastHour(client, hourPoints));
    say(`\nX-View, ${hourPoints.toLocaleString("en-US")} more points in its hour\n`);
    say("| | frames a second | 99 of 100 within |");
    say("|---|---:|---:|");
    const watched = await browser.newContext({
      baseURL: settings.baseUrl,
      viewport: { width: 1440, height: 900 },
      storageState,
    });
    for (const { what, figures } of await measureXView(await watched.newPage()))
      say(`| ${what} | ${figures.framesPerSecond.toFixed(1)} | ${figures.p99Ms.toFixed(1)} ms |`);
    await watched.close();
  } finally {
    await browser?.close();
    await web?.stop();
    await services?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** What this machine's browser takes for a page of one line: the floor of the other figures. */
async function measureFloor(context: BrowserContext, visits: number) {
  const page = await context.newPage();
  const visit = async () => {
    await page.goto("/api/health/live");
    return page.evaluate(() => performance.now());
  };
  const coldMs = await visit();
  const again: number[] = [];
  for (let n = 0; n < visits; n++) again.push(await visit());
  await page.close();
  return { coldMs, againMs: quantile(again, 0.5) };
}

/** Fills the table of payments, and finds one of each thing that has a page: the payment is one with a cancel. */
async function fill(client: pg.Client): Promise<{
  payments: number;
  ids: Record<string, string>;
  cancelable: { id: string; amount: string }[];
}> {
  const payments = await loadPayments(client, paymentsWanted);
  const { rows } = await client.query<Record<string, string>>(
    `SELECT (SELECT payment_id FROM payment_cancel ORDER BY requested_at DESC LIMIT 1) AS payment,
            (SELECT id FROM mall ORDER BY id LIMIT 1) AS mall,
            (SELECT id FROM webhook_endpoint ORDER BY id LIMIT 1) AS endpoint,
            (SELECT id FROM settlement ORDER BY id DESC LIMIT 1) AS settlement`,
  );
  // As many as an operator would select.
  const cancelable = await client.query<{ id: string; amount: string }>(
    `SELECT id, amount_minor::text AS amount FROM payment WHERE status = 'DONE' ORDER BY approved_at DESC LIMIT 40`,
  );
  return {
    payments,
    ids: rows[0] ?? {},
    cancelable: cancelable.rows,
  };
}

/** The address of a page, with the thing it shows. */
function fillIn(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/, (_, name: string) => {
    const id = ids[name];
    if (!id) throw new Error(`the demo has no ${name} to open`);
    return id;
  });
}

async function withClient<Result>(
  connectionString: string,
  act: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

function report({
  path,
  coldMs,
  usableMs,
  serverMs,
  scriptBytes,
  laterScriptBytes,
}: Awaited<ReturnType<typeof measurePage>>): void {
  const usable = quantile(usableMs, 0.5);
  const server = quantile(
    serverMs.map(({ ms }) => ms),
    0.95,
  );
  const slowest = serverMs[0];
  const missed = [
    usable > goals.usableMs && "usable",
    server > goals.serverMs && "server",
    scriptBytes > goals.scriptBytes && "scripts",
  ].filter(Boolean);
  say(
    `| \`${path}\` | ${coldMs.toFixed(0)} ms | ${usable.toFixed(0)} ms | ${server.toFixed(0)} ms | ${
      slowest ? `${slowest.name} ${slowest.ms.toFixed(0)} ms` : "–"
    } | ${(scriptBytes / 1_000).toFixed(1)} kB | ${(laterScriptBytes / 1_000).toFixed(1)} kB | ${missed.length === 0 ? "" : `over: ${missed.join(", ")}`} |`,
  );
}

try {
  await main();
} catch (error) {
  exitWith(error);
}
