import pg from "pg";
import { copyRows } from "#prisma/seed/copy-rows.ts";
import { newSecretKey } from "#prisma/seed/demo-access.ts";
import { demoVans } from "#prisma/seed/demo-vans.ts";
import { keyOfMall } from "#prisma/seed/plant-demo.ts";
import { realIds } from "#server/core/ids.ts";
import { deriveKeys } from "#server/platform/keys.ts";

export type PlantedMall = Readonly<{ mallId: string; name: string; secretKey: string }>;

/**
 * What was agreed with the VANs, compressed so that minutes hold what hours hold elsewhere. A late approval of at most
 * `latestApprovalMs` comes before the last follow-up inquiry; a net cancel goes on trying for over a minute and a half.
 */
export const chaosVanSettings = {
  connectTimeoutMs: 1_000,
  approveTimeoutMs: 3_000,
  cancelTimeoutMs: 3_000,
  netCancelTimeoutMs: 2_000,
  inquiryTimeoutMs: 2_000,
  leaseMs: 15_000,
  netCancelDelaysMs: [1_000, 2_000, 4_000, 8_000, 8_000, 10_000, 10_000, 15_000, 15_000, 15_000, 15_000],
  netCancelDeadlineMs: 3_600_000,
  cancelDelaysMs: [1_000, 2_000, 4_000, 8_000, 8_000, 10_000, 10_000, 15_000, 15_000, 15_000, 15_000],
  inquiryDelaysMs: [5_000, 15_000],
  processingWindowMs: 10_000,
} as const;
export const latestApprovalMs = 20_000;

const shops: readonly Readonly<{ name: string; weights: readonly [sbx1: number, sbx2: number] }>[] = [
  { name: "한빛서점", weights: [80, 20] },
  { name: "오늘의식탁", weights: [40, 60] },
  { name: "모두의문구", weights: [50, 50] },
  { name: "그린팜마켓", weights: [65, 35] },
  { name: "라온스포츠", weights: [30, 70] },
];

/** Fills a migrated, empty database with malls, their keys and routes, and the two sandbox VANs. */
export async function plantMalls(databaseUrl: string, masterSecret: string): Promise<PlantedMall[]> {
  const keys = deriveKeys(masterSecret);
  const malls = shops.map(({ name, weights }) => ({
    mallId: realIds.newId("mall"),
    name,
    weights,
    secretKey: newSecretKey(),
  }));
  const agreed = chaosVanSettings;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await copyRows(
      client,
      "van",
      demoVans.map((van) => ({
        ...van,
        is_sandbox: true,
        connect_timeout_ms: agreed.connectTimeoutMs,
        approve_timeout_ms: agreed.approveTimeoutMs,
        cancel_timeout_ms: agreed.cancelTimeoutMs,
        net_cancel_timeout_ms: agreed.netCancelTimeoutMs,
        inquiry_timeout_ms: agreed.inquiryTimeoutMs,
        lease_ms: agreed.leaseMs,
        net_cancel_delays_ms: agreed.netCancelDelaysMs,
        net_cancel_deadline_ms: agreed.netCancelDeadlineMs,
        cancel_delays_ms: agreed.cancelDelaysMs,
        inquiry_delays_ms: agreed.inquiryDelaysMs,
        processing_window_ms: agreed.processingWindowMs,
      })),
    );
    await copyRows(
      client,
      "mall",
      malls.map(({ mallId, name }, index) => ({
        id: mallId,
        name,
        business_number: `000-81-9000${index}`,
      })),
    );
    await copyRows(
      client,
      "api_key",
      malls.map(({ mallId, secretKey }) => keyOfMall(keys, mallId, secretKey, "chaos", new Date())),
    );
    await copyRows(
      client,
      "mall_van_route",
      malls.flatMap(({ mallId, weights: [sbx1, sbx2] }) => [
        { mall_id: mallId, van_code: "SBX1", weight: sbx1 },
        { mall_id: mallId, van_code: "SBX2", weight: sbx2 },
      ]),
    );
  } finally {
    await client.end();
  }
  return malls.map(({ mallId, name, secretKey }) => ({ mallId, name, secretKey }));
}
