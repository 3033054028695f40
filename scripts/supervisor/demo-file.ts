import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "#scripts/services/local-state.ts";
import type { Environment } from "#scripts/services/run-command.ts";

/** How to get into the demo, as `contract.md` §1 shapes it; `prisma/seed.ts` writes it once. */
export type DemoFile = {
  baseUrl: string;
  malls: { mallId: string; name: string; secretKey: string; webhookSecret?: string }[];
  operators: { email: string; password: string; role: string; totpSecret?: string }[];
  vans: { code: string; protocol: string; controlUrl: string }[];
  metricsToken: string;
};

const pathIn = (dataDir: string) => join(dataDir, "demo.json");

export function hasDemoFile(dataDir: string): boolean {
  return existsSync(pathIn(dataDir));
}

/**
 * Brings the addresses in `demo.json` up to date: the seed ran once, while ports may have been chosen anew.
 * Returns undefined when there is no demo.
 */
export function refreshDemoFile(dataDir: string, env: Environment): DemoFile | undefined {
  if (!hasDemoFile(dataDir)) return undefined;
  const demo = JSON.parse(readFileSync(pathIn(dataDir), "utf8")) as DemoFile;
  const current: DemoFile = {
    ...demo,
    baseUrl: env.PAYDECK_BASE_URL ?? demo.baseUrl,
    metricsToken: env.PAYDECK_METRICS_TOKEN ?? demo.metricsToken,
    vans: demo.vans.map((van) => ({
      ...van,
      controlUrl: env[`VAN_${van.code}_CONTROL_URL`] ?? van.controlUrl,
    })),
  };
  writeFileAtomic(pathIn(dataDir), `${JSON.stringify(current, null, 2)}\n`);
  return current;
}

/** What a person needs to get going, as lines of text. */
export function renderWelcome(baseUrl: string, demo: DemoFile | undefined): string {
  const lines = ["Paydeck is ready.", "", `Console   ${baseUrl}`, `API docs  ${baseUrl}/docs`];
  if (demo !== undefined) {
    lines.push("", "Sign in:");
    const width = Math.max(...demo.operators.map(({ email }) => email.length));
    for (const { email, password, role, totpSecret } of demo.operators) {
      const totp = totpSecret === undefined ? "" : `   TOTP secret ${totpSecret}`;
      lines.push(`  ${email.padEnd(width)}   ${password}   ${role}${totp}`);
    }
    const mall = demo.malls[0];
    if (mall !== undefined) {
      lines.push(
        "",
        `Secret key of ${mall.name} (${mall.mallId}):`,
        `  ${mall.secretKey}`,
        "",
        "Approve a payment:",
      );
      lines.push(...approveExample(baseUrl, mall.secretKey).map((line) => `  ${line}`));
    }
  }
  return frame(lines);
}

function approveExample(baseUrl: string, secretKey: string): string[] {
  return [
    `curl ${baseUrl}/api/v1/payments -u ${secretKey}: \\`,
    `  -H "Content-Type: application/json" -H "Idempotency-Key: try-$(date +%s)" \\`,
    `  -d '{"orderId":"order-'$(date +%s)'","amount":15000,"orderName":"Coffee","method":"CARD",`,
    `       "card":{"number":"4242424242424242","expiryYear":"30","expiryMonth":"12"}}'`,
  ];
}

/** Lines between two rules; no side borders, so that a command can be copied as it stands. */
function frame(lines: readonly string[]): string {
  const rule = "─".repeat(
    Math.min(Math.max(...lines.map((line) => line.length)) + 2, process.stdout.columns ?? 100),
  );
  return [rule, ...lines, rule].join("\n");
}
