import { audit } from "#components/i18n/ko/audit.ts";
import { bulk } from "#components/i18n/ko/bulk.ts";
import { common } from "#components/i18n/ko/common.ts";
import { deadLetters } from "#components/i18n/ko/dead-letters.ts";
import { integrity } from "#components/i18n/ko/integrity.ts";
import { latency } from "#components/i18n/ko/latency.ts";
import { navigation } from "#components/i18n/ko/navigation.ts";
import { payments } from "#components/i18n/ko/payments.ts";
import { refusals } from "#components/i18n/ko/refusals.ts";
import { signIn } from "#components/i18n/ko/sign-in.ts";
import { vans } from "#components/i18n/ko/vans.ts";
import { xView } from "#components/i18n/ko/x-view.ts";

/** Every Korean text of the console, one object per area. */
export const ko = {
  common,
  navigation,
  signIn,
  payments,
  bulk,
  deadLetters,
  latency,
  xView,
  vans,
  integrity,
  audit,
  refusals,
};
