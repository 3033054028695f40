import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { Env } from "#server/platform/env.ts";
import { sandboxControlUrl } from "#server/van/sandbox-control.ts";
import type { SandboxFault } from "#server/van/van.values.ts";
import { readAllVanSettings } from "#server/van/van-queries.ts";

/** The fault that a sandbox VAN makes now. `isReachable` is false when its control port does not answer. */
export type FaultSwitch = Readonly<{
  code: string;
  isReachable: boolean;
  fault: Readonly<{ mode: string; percent: number; until: Date | null }> | null;
}>;

type Asked = Readonly<{
  code: string;
  actor: { type: "operator"; id: string; ipAddress: string | null };
  traceId: string;
}>;

const answerTimeoutMs = 2_000;
const minuteMs = 60_000;

/** The faults of the sandbox VANs; `null` outside a demo, where there is nothing to switch. */
export async function readFaults(ctx: Pick<Context, "sql" | "env">): Promise<readonly FaultSwitch[] | null> {
  if (!ctx.env.PAYDECK_DEMO) return null;
  const sandboxes = [...(await readAllVanSettings(ctx.sql)).values()].filter(
    ({ code, isSandbox }) => isSandbox && sandboxControlUrl(ctx.env, code) !== null,
  );
  return Promise.all(
    sandboxes
      .toSorted((one, other) => one.code.localeCompare(other.code))
      .map(async ({ code }) => {
        try {
          return { code, isReachable: true, fault: toFault(await control(ctx.env, code, "GET")) };
        } catch {
          return { code, isReachable: false, fault: null };
        }
      }),
  );
}

/**
 * Makes a sandbox VAN misbehave for some minutes, towards a share of all messages. Only a sandbox VAN of a demo, by its
 * control port on this machine: anything else is refused with `SANDBOX_ONLY`. Audited. Throws `NOT_FOUND`, and
 * `VAN_UNAVAILABLE` when the VAN's control does not answer.
 */
export async function setFault(
  ctx: Pick<Context, "sql" | "env" | "now">,
  {
    code,
    mode,
    percent,
    minutes,
    actor,
    traceId,
  }: Asked & { mode: SandboxFault; percent: number; minutes: number },
): Promise<FaultSwitch> {
  await refuseUnlessSandbox(ctx, code);
  const until = new Date(ctx.now().getTime() + minutes * minuteMs);
  const body = { mode, probability: percent / 100, until: until.toISOString() };
  const answer = await askControl(ctx.env, code, "PUT", body);
  await record(ctx, { code, actor, traceId }, "van.fault_set", { mode, percent, until: until.toISOString() });
  return { code, isReachable: true, fault: toFault(answer) };
}

/** Lets a sandbox VAN behave again. Refusals are those of `setFault`. Audited. */
export async function clearFault(ctx: Pick<Context, "sql" | "env">, asked: Asked): Promise<FaultSwitch> {
  await refuseUnlessSandbox(ctx, asked.code);
  const answer = await askControl(ctx.env, asked.code, "DELETE");
  await record(ctx, asked, "van.fault_cleared", {});
  return { code: asked.code, isReachable: true, fault: toFault(answer) };
}

async function refuseUnlessSandbox(ctx: Pick<Context, "sql" | "env">, code: string): Promise<void> {
  if (!ctx.env.PAYDECK_DEMO) throw new Refusal("SANDBOX_ONLY");
  const van = (await readAllVanSettings(ctx.sql)).get(code);
  if (!van) throw new Refusal("NOT_FOUND");
  if (!van.isSandbox || sandboxControlUrl(ctx.env, code) === null) throw new Refusal("SANDBOX_ONLY");
}

async function control(
  env: Env,
  code: string,
  method: "GET" | "PUT" | "DELETE",
  body?: unknown,
): Promise<unknown> {
  const url = sandboxControlUrl(env, code);
  if (!url) throw new Refusal("SANDBOX_ONLY");
  const answer = await fetch(new URL("/faults", url), {
    method,
    signal: AbortSignal.timeout(answerTimeoutMs),
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });
  if (!answer.ok) throw new Error(`the control of ${code} answered ${answer.status}`);
  return answer.json();
}

async function askControl(...asked: Parameters<typeof control>): Promise<unknown> {
  try {
    return await control(...asked);
  } catch {
    throw new Refusal("VAN_UNAVAILABLE", { van: { code: asked[1] } });
  }
}

function toFault(answer: unknown): FaultSwitch["fault"] {
  const { mode, probability, until } = answer as {
    mode: string | null;
    probability?: number;
    until?: string | null;
  };
  if (mode === null) return null;
  return { mode, percent: Math.round((probability ?? 1) * 100), until: until ? new Date(until) : null };
}

/** The fault is a sandbox's own affair, so it is set before it is written down: the log says only what was done. */
async function record(
  ctx: Pick<Context, "sql">,
  { code, actor, traceId }: Asked,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await ctx.sql.transaction((sql) =>
    recordAudit(sql, {
      actor,
      action,
      target: { type: "van", id: code },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { ...detail, traceId },
    }),
  );
}
