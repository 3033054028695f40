import { createRandom } from "#prisma/seed/random.ts";
import type { MallApi } from "./mall-api.ts";
import type { Check, Finding } from "./referee.ts";
import type { Finished } from "./shopper.ts";

const sampleSize = 200;
const atOnce = 8;

/** Sends a sample of finished requests once more: each answer must come back byte for byte, marked as a replay (IDM-6). */
export async function replayFinished(
  api: MallApi,
  finished: readonly Finished[],
  seed: number,
): Promise<Check> {
  // A key that was finished once and told twice is one case.
  const byKey = [...new Map(finished.map((one) => [`${one.wish.path} ${one.key}`, one])).values()];
  const random = createRandom(seed ^ 0x2e91a7);
  const sample = byKey
    .map((one) => [random.next(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .slice(0, sampleSize)
    .map(([, one]) => one);
  const findings: Finding[] = [];
  const waiting = [...sample];
  const hand = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const again = await api.replay(one.mall, one.wish, one.key);
      const subject = `${one.wish.orderId} (${one.wish.operation}, key ${one.key})`;
      if (again.status !== one.status || again.body !== one.body)
        findings.push({
          subject,
          says: `${one.status} ${one.body} came back as ${again.status} ${again.body}`,
        });
      else if (!again.isReplay) findings.push({ subject, says: "came back without Idempotent-Replayed" });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  const name = "a finished request sent again is answered byte for byte as before";
  return { name, cases: sample.length, findings, passed: findings.length === 0 };
}
