"use client";

import { formatAmount, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

/**
 * An amount of won. `bare` for table cells whose header carries the unit; otherwise `128,000원` or `₩128,000`.
 * `null` means it does not apply. `still` greys money that never moved; a zero in a cell is grey by itself.
 */
export function Money({
  amountMinor,
  bare = false,
  still = false,
  className,
}: {
  amountMinor: bigint | null;
  bare?: boolean;
  still?: boolean;
  className?: string;
}) {
  const language = useLanguage();
  const { common } = useTexts();
  if (amountMinor === null) {
    return (
      <span role="img" aria-label={common.notApplicable} className={classes("text-ink-3", className)}>
        –
      </span>
    );
  }
  return (
    <span
      className={classes(
        "whitespace-nowrap",
        className,
        (still || (bare && amountMinor === 0n)) && "font-normal text-ink-3",
      )}
    >
      {bare ? formatAmount(amountMinor) : formatMoney(amountMinor, language)}
    </span>
  );
}

/** The large amount at the head of a page, its unit smaller. The page's h1 may hold it. */
export function HeroMoney({ amountMinor }: { amountMinor: bigint }) {
  const language = useLanguage();
  if (language === "en") return <>{formatMoney(amountMinor, language)}</>;
  return (
    <>
      {formatAmount(amountMinor)}
      <small className="font-semibold text-[18px]">원</small>
    </>
  );
}
