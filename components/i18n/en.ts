import { audit } from "#components/i18n/en/audit.ts";
import { bulk } from "#components/i18n/en/bulk.ts";
import { common } from "#components/i18n/en/common.ts";
import { deadLetters } from "#components/i18n/en/dead-letters.ts";
import { integrity } from "#components/i18n/en/integrity.ts";
import { latency } from "#components/i18n/en/latency.ts";
import { navigation } from "#components/i18n/en/navigation.ts";
import { payments } from "#components/i18n/en/payments.ts";
import { refusals } from "#components/i18n/en/refusals.ts";
import { signIn } from "#components/i18n/en/sign-in.ts";
import { vans } from "#components/i18n/en/vans.ts";
import { xView } from "#components/i18n/en/x-view.ts";

/** Every English text of the console; its shape is that of the Korean one. */
export const en = {
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
