"use client";

import dynamic from "next/dynamic";
import type { ComponentType, ReactNode } from "react";
import type { Language } from "#components/i18n/language.ts";
import { AreaProvider, useLanguage } from "#components/i18n/language-provider.tsx";
import type { AreaTexts, TextArea } from "#components/i18n/texts.ts";

type Pack = ComponentType<{ children: ReactNode }>;

/** Gives everything below the texts of an area, beside those it already has. */
function pack(texts: Partial<AreaTexts>): Pack {
  // biome-ignore lint/correctness/noComponentHookFactories: called once for a pack, when its texts arrive
  return function AreaPack({ children }) {
    return <AreaProvider texts={texts}>{children}</AreaProvider>;
  };
}

const korean: Readonly<Record<TextArea, Pack>> = {
  audit: dynamic(() => import("#components/i18n/ko/audit.ts").then(({ audit }) => pack({ audit }))),
  bulk: dynamic(() => import("#components/i18n/ko/bulk.ts").then(({ bulk }) => pack({ bulk }))),
  changeRequests: dynamic(() =>
    import("#components/i18n/ko/change-requests.ts").then(({ changeRequests }) => pack({ changeRequests })),
  ),
  deadLetters: dynamic(() =>
    import("#components/i18n/ko/dead-letters.ts").then(({ deadLetters }) => pack({ deadLetters })),
  ),
  exports: dynamic(() => import("#components/i18n/ko/exports.ts").then(({ exports }) => pack({ exports }))),
  home: dynamic(() => import("#components/i18n/ko/home.ts").then(({ home }) => pack({ home }))),
  integrity: dynamic(() =>
    import("#components/i18n/ko/integrity.ts").then(({ integrity }) => pack({ integrity })),
  ),
  latency: dynamic(() => import("#components/i18n/ko/latency.ts").then(({ latency }) => pack({ latency }))),
  malls: dynamic(() => import("#components/i18n/ko/malls.ts").then(({ malls }) => pack({ malls }))),
  paymentList: dynamic(() =>
    import("#components/i18n/ko/payment-list.ts").then(({ paymentList }) => pack({ paymentList })),
  ),
  payments: dynamic(() =>
    import("#components/i18n/ko/payments.ts").then(({ payments }) => pack({ payments })),
  ),
  people: dynamic(() => import("#components/i18n/ko/people.ts").then(({ people }) => pack({ people }))),
  reconciliation: dynamic(() =>
    import("#components/i18n/ko/reconciliation.ts").then(({ reconciliation }) => pack({ reconciliation })),
  ),
  settlements: dynamic(() =>
    import("#components/i18n/ko/settlements.ts").then(({ settlements }) => pack({ settlements })),
  ),
  signIn: dynamic(() => import("#components/i18n/ko/sign-in.ts").then(({ signIn }) => pack({ signIn }))),
  unresolved: dynamic(() =>
    import("#components/i18n/ko/unresolved.ts").then(({ unresolved }) => pack({ unresolved })),
  ),
  vans: dynamic(() => import("#components/i18n/ko/vans.ts").then(({ vans }) => pack({ vans }))),
  webhooks: dynamic(() =>
    import("#components/i18n/ko/webhooks.ts").then(({ webhooks }) => pack({ webhooks })),
  ),
  xView: dynamic(() => import("#components/i18n/ko/x-view.ts").then(({ xView }) => pack({ xView }))),
};

const english: Readonly<Record<TextArea, Pack>> = {
  audit: dynamic(() => import("#components/i18n/en/audit.ts").then(({ audit }) => pack({ audit }))),
  bulk: dynamic(() => import("#components/i18n/en/bulk.ts").then(({ bulk }) => pack({ bulk }))),
  changeRequests: dynamic(() =>
    import("#components/i18n/en/change-requests.ts").then(({ changeRequests }) => pack({ changeRequests })),
  ),
  deadLetters: dynamic(() =>
    import("#components/i18n/en/dead-letters.ts").then(({ deadLetters }) => pack({ deadLetters })),
  ),
  exports: dynamic(() => import("#components/i18n/en/exports.ts").then(({ exports }) => pack({ exports }))),
  home: dynamic(() => import("#components/i18n/en/home.ts").then(({ home }) => pack({ home }))),
  integrity: dynamic(() =>
    import("#components/i18n/en/integrity.ts").then(({ integrity }) => pack({ integrity })),
  ),
  latency: dynamic(() => import("#components/i18n/en/latency.ts").then(({ latency }) => pack({ latency }))),
  malls: dynamic(() => import("#components/i18n/en/malls.ts").then(({ malls }) => pack({ malls }))),
  paymentList: dynamic(() =>
    import("#components/i18n/en/payment-list.ts").then(({ paymentList }) => pack({ paymentList })),
  ),
  payments: dynamic(() =>
    import("#components/i18n/en/payments.ts").then(({ payments }) => pack({ payments })),
  ),
  people: dynamic(() => import("#components/i18n/en/people.ts").then(({ people }) => pack({ people }))),
  reconciliation: dynamic(() =>
    import("#components/i18n/en/reconciliation.ts").then(({ reconciliation }) => pack({ reconciliation })),
  ),
  settlements: dynamic(() =>
    import("#components/i18n/en/settlements.ts").then(({ settlements }) => pack({ settlements })),
  ),
  signIn: dynamic(() => import("#components/i18n/en/sign-in.ts").then(({ signIn }) => pack({ signIn }))),
  unresolved: dynamic(() =>
    import("#components/i18n/en/unresolved.ts").then(({ unresolved }) => pack({ unresolved })),
  ),
  vans: dynamic(() => import("#components/i18n/en/vans.ts").then(({ vans }) => pack({ vans }))),
  webhooks: dynamic(() =>
    import("#components/i18n/en/webhooks.ts").then(({ webhooks }) => pack({ webhooks })),
  ),
  xView: dynamic(() => import("#components/i18n/en/x-view.ts").then(({ xView }) => pack({ xView }))),
};

const packs: Readonly<Record<Language, Readonly<Record<TextArea, Pack>>>> = { ko: korean, en: english };

/**
 * Gives a page the texts of the areas it speaks of, in the person's language; a browser loads those alone. A page names
 * every area whose texts its components use, also those it loads later; a test compares.
 */
export function LoadAreaTexts({ areas, children }: { areas: readonly TextArea[]; children: ReactNode }) {
  const language = useLanguage();
  return areas.reduceRight<ReactNode>((inner, area) => {
    const AreaPack = packs[language][area];
    return <AreaPack key={area}>{inner}</AreaPack>;
  }, children);
}
