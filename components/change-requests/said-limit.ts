"use client";

import { formatMoney, formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import type { LimitUnit } from "#server/change-requests/change-kinds.values.ts";

/** Says a limit in the unit of its kind; null is without limit. */
export function useSaidLimit(): (unit: LimitUnit, limitMax: bigint | null) => string {
  const words = useTexts().changeRequests.policy;
  const language = useLanguage();
  return (unit, limitMax) => {
    if (limitMax === null) return unit === "changes" ? words.alone : words.unlimited;
    if (limitMax === 0n) return words.always;
    return unit === "won" ? formatMoney(limitMax, language) : words.items(formatNumber(limitMax));
  };
}
