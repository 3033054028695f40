import type { ChangeKind } from "#server/change-requests/change-kinds.values.ts";
import { requireWithinLimit } from "#server/change-requests/limit-of.ts";
import { addContract } from "#server/malls/add-contract.ts";
import { claimApprovedKey } from "#server/malls/claim-approved-key.ts";
import { issueApiKey } from "#server/malls/issue-api-key.ts";
import {
  addContractSchema,
  claimKeySchema,
  issueKeySchema,
  mallIdSchema,
  mallSearchSchema,
  rangeListSchema,
  registerMallSchema,
  replaceRangesSchema,
  requestContractChangeSchema,
  requestKeyChangeSchema,
  revokeKeySchema,
  rotateKeySchema,
  switchMallSchema,
  testAddressSchema,
  withdrawContractSchema,
} from "#server/malls/mall.schemas.ts";
import {
  countMalls,
  readAddressBook,
  readContracts,
  readKeys,
  readMall,
  readVanChoices,
  searchMalls,
} from "#server/malls/mall-queries.ts";
import { registerMall } from "#server/malls/register-mall.ts";
import { previewAddressRanges, replaceAddressRanges } from "#server/malls/replace-address-ranges.ts";
import { requestContractChange } from "#server/malls/request-contract-change.ts";
import { requestKeyChange } from "#server/malls/request-key-change.ts";
import { revokeApiKey } from "#server/malls/revoke-api-key.ts";
import { rotateApiKey } from "#server/malls/rotate-api-key.ts";
import { resumeMall, suspendMall } from "#server/malls/switch-mall.ts";
import { testAddress } from "#server/malls/test-address.ts";
import { withdrawContract } from "#server/malls/withdraw-contract.ts";
import type { SignedInOperator } from "#server/operators/permissions.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";
import type { RequestContext } from "#server/trpc/request-context.ts";

const reader = operatorProcedure("mall:read");
const manager = operatorProcedure("mall:manage");

/** For what a role may do alone: above its limit refused with `APPROVAL_REQUIRED`. */
const alone = (kind: ChangeKind) =>
  manager.use(async ({ ctx, next }) => {
    await requireWithinLimit(ctx.context.sql, { role: ctx.operator.role, kind, measured: 1n });
    return next();
  });
const keyChanger = alone("KEY_CHANGE");
const contractChanger = alone("CONTRACT_CHANGE");

/** Who asks, for the audit log. */
function asked({ operator, ipAddress, traceId }: RequestContext & { operator: SignedInOperator }) {
  return { actor: { type: "operator" as const, id: operator.id, ipAddress }, traceId };
}

/** Who asks another person. */
function askedBy({ operator, ipAddress, traceId }: RequestContext & { operator: SignedInOperator }) {
  return { maker: { id: operator.id, role: operator.role, ipAddress }, traceId };
}

/** The malls of the console. */
export const mallRouter = router({
  search: reader.input(mallSearchSchema).query(({ ctx, input }) => searchMalls(ctx.context, input)),
  count: reader
    .input(mallSearchSchema.pick({ q: true }))
    .query(({ ctx, input }) => countMalls(ctx.context.db, input.q)),
  read: reader.input(mallIdSchema).query(({ ctx, input }) => readMall(ctx.context, input.mallId)),
  keys: reader.input(mallIdSchema).query(({ ctx, input }) => readKeys(ctx.context.db, input.mallId)),
  addresses: reader.input(mallIdSchema).query(({ ctx, input }) => readAddressBook(ctx.context, input.mallId)),
  contracts: reader.input(mallIdSchema).query(({ ctx, input }) => readContracts(ctx.context, input.mallId)),
  testAddress: reader.input(testAddressSchema).query(({ ctx, input }) => testAddress(ctx.context, input)),
  previewAddresses: reader
    .input(rangeListSchema)
    .query(({ ctx, input }) => previewAddressRanges(ctx.context, input)),

  vanChoices: manager.query(({ ctx }) => readVanChoices(ctx.context.db)),
  register: manager
    .input(registerMallSchema)
    .mutation(({ ctx, input }) => registerMall(ctx.context, { ...input, ...asked(ctx) })),
  suspend: manager
    .input(switchMallSchema)
    .mutation(({ ctx, input }) => suspendMall(ctx.context, { ...input, ...asked(ctx) })),
  resume: manager
    .input(switchMallSchema)
    .mutation(({ ctx, input }) => resumeMall(ctx.context, { ...input, ...asked(ctx) })),
  issueKey: keyChanger
    .input(issueKeySchema)
    .mutation(({ ctx, input }) => issueApiKey(ctx.context, { ...input, ...asked(ctx) })),
  rotateKey: keyChanger
    .input(rotateKeySchema)
    .mutation(({ ctx, input }) => rotateApiKey(ctx.context, { ...input, ...asked(ctx) })),
  // A key that has leaked is ended by whoever learns of it: nobody else is waited for.
  revokeKey: manager
    .input(revokeKeySchema)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.context, { ...input, ...asked(ctx) })),
  replaceAddresses: manager
    .input(replaceRangesSchema)
    .mutation(({ ctx, input }) => replaceAddressRanges(ctx.context, { ...input, ...asked(ctx) })),
  addContract: contractChanger
    .input(addContractSchema)
    .mutation(({ ctx, input: { mallId, ...terms } }) =>
      addContract(ctx.context, { mallId, terms, ...asked(ctx) }),
    ),
  withdrawContract: contractChanger
    .input(withdrawContractSchema)
    .mutation(({ ctx, input }) => withdrawContract(ctx.context, { ...input, ...asked(ctx) })),
  requestKeyChange: manager
    .input(requestKeyChangeSchema)
    .mutation(({ ctx, input }) => requestKeyChange(ctx.context, { ...input, ...askedBy(ctx) })),
  requestContractChange: manager
    .input(requestContractChangeSchema)
    .mutation(({ ctx, input }) => requestContractChange(ctx.context, { ...input, ...askedBy(ctx) })),
  claimKey: manager
    .input(claimKeySchema)
    .mutation(({ ctx, input }) => claimApprovedKey(ctx.context, { ...input, ...asked(ctx) })),
});
