import { randomUUID } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";

/**
 * Starts a bulk cancel and asks for the cancel of a payment, as whoever is signed in, so that the pages of one run and of
 * one request have something to show. Nobody works on them here: no worker and no VAN runs.
 */
export async function askForExamples(
  request: APIRequestContext,
  payments: readonly { id: string; amount: string }[],
): Promise<Readonly<{ run: string; request: string }>> {
  const [last, ...others] = payments;
  if (!last) throw new Error("no payment can be cancelled");
  const source = { kind: "ids", ids: others.map(({ id }) => id) };
  const { plan } = (await ask(request, "bulkCancel.preview", source)) as { plan: { digest: string } };
  const { runId } = await ask(request, "bulkCancel.start", {
    source,
    reason: "bench",
    seen: { digest: plan.digest, count: others.length },
    requestKey: randomUUID(),
  });
  const { requestId } = await ask(
    request,
    "payment.requestCancel",
    {
      paymentKey: last.id,
      amountMinor: last.amount,
      currentCancelableMinor: last.amount,
      reason: "bench",
      requestKey: randomUUID(),
    },
    { amountMinor: ["bigint"], currentCancelableMinor: ["bigint"] },
  );
  return { run: String(runId), request: String(requestId) };
}

/** Calls a procedure; `values` names the parts of the input that JSON has no type for. */
async function ask(
  request: APIRequestContext,
  procedure: string,
  json: unknown,
  values?: Record<string, string[]>,
): Promise<Record<string, unknown>> {
  const answer = await request.post(`/api/trpc/${procedure}?batch=1`, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { "0": { json, ...(values && { meta: { values } }) } },
  });
  if (!answer.ok()) throw new Error(`${procedure} answered ${answer.status()}: ${await answer.text()}`);
  const [{ result }] = (await answer.json()) as [{ result: { data: { json: Record<string, unknown> } } }];
  return result.data.json;
}
