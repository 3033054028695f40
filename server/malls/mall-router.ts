import { addContract } from "#server/malls/add-contract.ts";
import { issueApiKey } from "#server/malls/issue-api-key.ts";
import {
  addContractSchema,
  issueKeySchema,
  mallIdSchema,
  mallSearchSchema,
  rangeListSchema,
  registerMallSchema,
  replaceRangesSchema,
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

/** Who asks, for the audit log. */
function asked({ operator, ipAddress, traceId }: RequestContext & { operator: SignedInOperator }) {
  return { actor: { type: "operator" as const, id: operator.id, ipAddress }, traceId };
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
  issueKey: manager
    .input(issueKeySchema)
    .mutation(({ ctx, input }) => issueApiKey(ctx.context, { ...input, ...asked(ctx) })),
  rotateKey: manager
    .input(rotateKeySchema)
    .mutation(({ ctx, input }) => rotateApiKey(ctx.context, { ...input, ...asked(ctx) })),
  revokeKey: manager
    .input(revokeKeySchema)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.context, { ...input, ...asked(ctx) })),
  replaceAddresses: manager
    .input(replaceRangesSchema)
    .mutation(({ ctx, input }) => replaceAddressRanges(ctx.context, { ...input, ...asked(ctx) })),
  addContract: manager
    .input(addContractSchema)
    .mutation(({ ctx, input: { mallId, ...terms } }) =>
      addContract(ctx.context, { mallId, terms, ...asked(ctx) }),
    ),
  withdrawContract: manager
    .input(withdrawContractSchema)
    .mutation(({ ctx, input }) => withdrawContract(ctx.context, { ...input, ...asked(ctx) })),
});
