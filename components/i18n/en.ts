import { audit } from "#components/i18n/en/audit.ts";
import { bulk } from "#components/i18n/en/bulk.ts";
import { changeRequests } from "#components/i18n/en/change-requests.ts";
import { common } from "#components/i18n/en/common.ts";
import { deadLetters } from "#components/i18n/en/dead-letters.ts";
import { exports } from "#components/i18n/en/exports.ts";
import { home } from "#components/i18n/en/home.ts";
import { integrity } from "#components/i18n/en/integrity.ts";
import { latency } from "#components/i18n/en/latency.ts";
import { malls } from "#components/i18n/en/malls.ts";
import { navigation } from "#components/i18n/en/navigation.ts";
import { paymentList } from "#components/i18n/en/payment-list.ts";
import { payments } from "#components/i18n/en/payments.ts";
import { people } from "#components/i18n/en/people.ts";
import { reconciliation } from "#components/i18n/en/reconciliation.ts";
import { refusals } from "#components/i18n/en/refusals.ts";
import { settlements } from "#components/i18n/en/settlements.ts";
import { signIn } from "#components/i18n/en/sign-in.ts";
import { unresolved } from "#components/i18n/en/unresolved.ts";
import { vans } from "#components/i18n/en/vans.ts";
import { webhooks } from "#components/i18n/en/webhooks.ts";
import { xView } from "#components/i18n/en/x-view.ts";

/** Every English text of the console; its shape is that of the Korean one. */
export const en = {
  common,
  navigation,
  home,
  signIn,
  payments,
  unresolved,
  paymentList,
  bulk,
  deadLetters,
  latency,
  xView,
  vans,
  webhooks,
  integrity,
  malls,
  audit,
  changeRequests,
  people,
  settlements,
  reconciliation,
  exports,
  refusals,
};
