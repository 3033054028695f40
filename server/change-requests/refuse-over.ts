import type { ChangeRequestRow } from "#server/change-requests/change-request-repository.ts";
import { Refusal } from "#server/core/refusals.ts";

/** Throws when a locked request waits for no decision any more: `CHANGE_REQUEST_EXPIRED` when its time is over, else `CHANGE_REQUEST_DECIDED`. */
export function refuseOver(request: Pick<ChangeRequestRow, "status" | "isOverdue">): void {
  if (request.status === "EXPIRED" || (request.status === "PENDING" && request.isOverdue))
    throw new Refusal("CHANGE_REQUEST_EXPIRED");
  if (request.status !== "PENDING") throw new Refusal("CHANGE_REQUEST_DECIDED", { status: request.status });
}
