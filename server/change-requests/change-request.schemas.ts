import { z } from "zod";
import {
  changeKindNames,
  changeReasonMax,
  changeViews,
  decisionNoteMax,
} from "#server/change-requests/change-kinds.values.ts";
import { operatorRoles } from "#server/operators/permissions.ts";

const requestId = z.string().regex(/^chg_[0-9A-Z]{26}$/);

export const changeRequestInput = z.object({ requestId });

export const changeKindInput = z.object({ kind: z.enum(changeKindNames) });

export const changeSubjectInput = changeKindInput.extend({ subjectId: z.string().min(1).max(64) });

export const changeListInput = z.object({
  view: z.enum(changeViews),
  /** The id before which the page begins. */
  cursor: requestId.nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});

/** `version` is the one the person looked at: an edited request is not decided by what it was. */
const version = z.number().int().min(1);

export const approveChangeInput = z.object({
  requestId,
  version,
  note: z.string().trim().max(decisionNoteMax).default(""),
});

/** Who rejects says why. */
export const rejectChangeInput = approveChangeInput.extend({
  note: z.string().trim().min(1).max(decisionNoteMax),
});

export const withdrawChangeInput = z.object({ requestId, version });

export const setLimitInput = z.object({
  kind: z.enum(changeKindNames),
  role: z.enum(operatorRoles),
  /** In the unit of the kind; null: without limit. */
  limitMax: z.bigint().min(0n).max(9_999_999_999_999n).nullable(),
});

export const requestLimitChangeInput = setLimitInput.extend({
  reason: z.string().trim().min(1).max(changeReasonMax),
});
