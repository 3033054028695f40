import { audit } from "#components/i18n/ko/audit.ts";
import { bulk } from "#components/i18n/ko/bulk.ts";
import { changeRequests } from "#components/i18n/ko/change-requests.ts";
import { common } from "#components/i18n/ko/common.ts";
import { deadLetters } from "#components/i18n/ko/dead-letters.ts";
import { exports } from "#components/i18n/ko/exports.ts";
import { home } from "#components/i18n/ko/home.ts";
import { integrity } from "#components/i18n/ko/integrity.ts";
import { latency } from "#components/i18n/ko/latency.ts";
import { malls } from "#components/i18n/ko/malls.ts";
import { navigation } from "#components/i18n/ko/navigation.ts";
import { paymentList } from "#components/i18n/ko/payment-list.ts";
import { payments } from "#components/i18n/ko/payments.ts";
import { people } from "#components/i18n/ko/people.ts";
import { reconciliation } from "#components/i18n/ko/reconciliation.ts";
import { refusals } from "#components/i18n/ko/refusals.ts";
import { settlements } from "#components/i18n/ko/settlements.ts";
import { signIn } from "#components/i18n/ko/sign-in.ts";
import { unresolved } from "#components/i18n/ko/unresolved.ts";
import { vans } from "#components/i18n/ko/vans.ts";
import { webhooks } from "#components/i18n/ko/webhooks.ts";
import { xView } from "#components/i18n/ko/x-view.ts";

/** Every Korean text of the console, one object per area. */
export const ko = {
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
