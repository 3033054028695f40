import { z } from "zod";
import {
  emailMax,
  passwordLengthLimit,
  passwordLengthMin,
  personNameMax,
  personReasonMax,
} from "#server/operators/people.values.ts";
import { operatorRoles } from "#server/operators/permissions.ts";

const operatorId = z.string().regex(/^op_[0-9A-Za-z_]{1,40}$/);
const sessionId = z.string().regex(/^ses_[0-9A-Z]{26}$/);
const role = z.enum(operatorRoles);

export const inviteOperatorInput = z.object({
  email: z.string().trim().toLowerCase().max(emailMax).pipe(z.email()),
  role,
});
export const invitationInput = z.object({ invitationId: z.string().regex(/^inv_[0-9A-Z]{26}$/) });
export const operatorInput = z.object({ operatorId });
const reason = z.string().trim().min(1).max(personReasonMax);
export const changeRoleInput = z.object({ operatorId, role, reason });
export const disableOperatorInput = z.object({ operatorId, reason });
export const sessionInput = z.object({ sessionId });

/** 32 random bytes, base64url. */
const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What the page behind an invitation link sends: first to see whose it is, then to accept it. */
export const readInvitationInput = z.object({ token });
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const visible = /^[^\u0000-\u001f\u007f]+$/;
export const acceptInvitationInput = z.object({
  token,
  name: z.string().trim().min(1).max(personNameMax).regex(visible),
  password: z.string().min(passwordLengthMin).max(passwordLengthLimit),
});
