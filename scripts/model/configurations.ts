import { type ApprovalMutation, type ApprovalSettings, approvalModel } from "./approval-model.ts";
import { type CancelMutation, type CancelSettings, type CancelWish, cancelModel } from "./cancel-model.ts";
import { type Exploration, explore } from "./explore.ts";

/** One run of a model. */
export type Configuration = Readonly<{
  name: string;
  /** `clean`: no violation may be found. `caught`: the rule named is left out, and a violation must be found. */
  expected: "clean" | "caught";
  /** Too long for a run of all: explored when named. */
  isSlow?: boolean;
  /** Small enough for the unit tests. */
  isQuick?: boolean;
  explore(): Exploration;
}>;

function approval(
  name: string,
  settings: ApprovalSettings,
  traits: { isSlow?: boolean; isQuick?: boolean } = {},
) {
  const expected = settings.mutation ? ("caught" as const) : ("clean" as const);
  return { name, expected, ...traits, explore: () => explore(approvalModel(settings)) };
}

function cancel(name: string, settings: CancelSettings, traits: { isQuick?: boolean } = {}) {
  const expected = settings.mutation ? ("caught" as const) : ("clean" as const);
  return { name, expected, ...traits, explore: () => explore(cancelModel(settings)) };
}

const vans = ["tombstone", "notfound"] as const;
const quick = { isQuick: true };

/** Approve, unknown outcome, net cancel: every rule kept. */
const approvals: readonly Configuration[] = vans.flatMap((van) => [
  approval(`approve-${van}-same-key`, { van, keys: "same", redis: true }, quick),
  approval(`approve-${van}-new-key`, { van, keys: "new", redis: true }),
  approval(`approve-${van}-same-key-no-redis`, { van, keys: "same", redis: false }, quick),
  approval(`approve-${van}-new-key-no-redis`, { van, keys: "new", redis: false }),
  approval(
    `approve-${van}-same-key-long-pauses`,
    { van, keys: "same", redis: true, longPauses: true },
    quick,
  ),
  approval(`approve-${van}-new-key-long-pauses`, { van, keys: "new", redis: false, longPauses: true }),
  approval(`approve-${van}-new-key-deadline`, { van, keys: "new", redis: false, deadlinePasses: true }),
  approval(`net-cancel-${van}-same-key`, { van, keys: "same", redis: false, mallNetCancels: true }),
  approval(
    `net-cancel-${van}-new-key`,
    { van, keys: "new", redis: false, mallNetCancels: true },
    { isSlow: true },
  ),
]);

/** Cancels of a payment of three units. */
const amount = 3;
const wishes = {
  "same-key": [
    { key: 0, amount: 2 },
    { key: 0, amount: 2 },
  ],
  "too-much-together": [
    { key: 0, amount: 2 },
    { key: 1, amount: 2 },
  ],
  "all-together": [
    { key: 0, amount: 1 },
    { key: 1, amount: 2 },
  ],
  "part-and-rest": [
    { key: 0, amount: 1 },
    { key: 1, amount: 0 },
  ],
  "full-twice": [
    { key: 0, amount: 0 },
    { key: 1, amount: 0 },
  ],
  "repeat-with-believed-balance": [
    { key: 0, amount: 1, believedLeft: 3 },
    { key: 1, amount: 1, believedLeft: 3 },
  ],
  "three-requests": [
    { key: 0, amount: 1 },
    { key: 0, amount: 1 },
    { key: 1, amount: 1 },
  ],
} as const satisfies Record<string, readonly CancelWish[]>;

const cancels: readonly Configuration[] = (["strict", "lax"] as const).flatMap((van) => [
  ...Object.entries(wishes).map(([name, asked]) =>
    cancel(
      `cancel-${van}-${name}`,
      { van, amount, wishes: asked, workers: 1 },
      { isQuick: asked.length === 2 },
    ),
  ),
  cancel(`cancel-${van}-all-together-two-workers`, {
    van,
    amount,
    wishes: wishes["all-together"],
    workers: 2,
  }),
]);

/** Where each mutation of the approval is to be found. Names in the comments are those of reliability §1. */
const approvalMutations: Readonly<Record<ApprovalMutation, Omit<ApprovalSettings, "mutation">>> = {
  // No pre-VAN row.
  "no-row-before-asking": { van: "notfound", keys: "new", redis: true },
  // Update without AND state='IN_PROGRESS'.
  "no-compare-and-set": { van: "tombstone", keys: "same", redis: true },
  // NOT_FOUND final.
  "not-found-is-final": { van: "notfound", keys: "new", redis: true },
  // Redis lock instead of unique index.
  "lock-instead-of-unique-index": { van: "tombstone", keys: "new", redis: true },
  // Respond before commit.
  "answer-before-commit": { van: "tombstone", keys: "same", redis: true },
  // Retry approval with new trace.
  "resend-with-new-trace": { van: "tombstone", keys: "same", redis: true },
  // Net-cancel tried once.
  "net-cancel-tried-once": { van: "tombstone", keys: "same", redis: true },
  // No sweeper for IN_PROGRESS.
  "no-sweeper": { van: "tombstone", keys: "same", redis: true },
  // Net-cancel before UNKNOWN committed.
  "net-cancel-before-unknown": { van: "tombstone", keys: "same", redis: true },
  // Late send without reopen and reconciliation: here without orphans and follow-up inquiries.
  "late-approvals-ignored": { van: "notfound", keys: "new", redis: true, longPauses: true },
  "window-judged-after-the-reply": { van: "notfound", keys: "new", redis: true },
  "wish-to-net-cancel-forgotten": { van: "notfound", keys: "same", redis: true, mallNetCancels: true },
};

const cancelMutations: Readonly<Record<CancelMutation, keyof typeof wishes>> = {
  "resend-with-new-trace": "too-much-together",
  "release-on-unknown": "too-much-together",
  "no-reservation": "too-much-together",
  "two-cancels-open": "all-together",
  "not-found-is-refused": "all-together",
  "answer-before-commit": "same-key",
  "no-sweeper": "same-key",
  "no-version-fence": "all-together",
  "take-over-keeps-version": "same-key",
};

const mutants: readonly Configuration[] = [
  ...Object.entries(approvalMutations).map(([mutation, settings]) =>
    approval(
      `mutant-approve-${mutation}`,
      { ...settings, mutation: mutation as ApprovalMutation },
      { isQuick: true },
    ),
  ),
  ...Object.entries(cancelMutations).map(([mutation, asked]) =>
    cancel(
      `mutant-cancel-${mutation}`,
      { van: "lax", amount, wishes: wishes[asked], workers: 1, mutation: mutation as CancelMutation },
      quick,
    ),
  ),
];

/** Every configuration: those that must be clean, then those in which a rule is missing and must be missed. */
export const configurations: readonly Configuration[] = [...approvals, ...cancels, ...mutants];
