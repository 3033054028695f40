import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How to get into the demo, as `contract.md` §1 shapes it; `prisma/seed.ts` writes it and keeps its addresses true. */
export type DemoFile = {
  baseUrl: string;
  malls: { mallId: string; name: string; secretKey: string; webhookSecret?: string }[];
  operators: { email: string; password: string; role: string; totpSecret?: string }[];
  vans: { code: string; protocol: string; controlUrl: string }[];
  metricsToken: string;
};

/** Reads how to get into the demo; undefined when there is none. */
export function readDemoFile(dataDir: string): DemoFile | undefined {
  const path = join(dataDir, "demo.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as DemoFile) : undefined;
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
