"use client";

import { formatAmount, formatDifference } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Split } from "#server/payments/preview-cancel.ts";
import type { OperatorCancelPreview } from "#server/payments/preview-operator-cancel.ts";

// As a settlement has them: what is left and, taken from it, the fee and its VAT add up to what the mall gets.
const settledRows = [
  ["fee", "feeMinor", -1n, "part"],
  ["feeVat", "feeVatMinor", -1n, "part"],
  ["net", "netMinor", 1n, "main"],
] as const;

/** 지금, 변화 and 취소 후 as the server computed them; a preview of earlier input is dimmed until the new one is there. */
export function CancelPreviewTable({
  preview,
  current,
}: {
  preview: OperatorCancelPreview | undefined;
  current: boolean;
}) {
  const words = useTexts().payments.cancel;
  const settled = preview?.settled;
  const rows: readonly (readonly [string, keyof Split, "main" | "part"])[] = [
    [words.balance, "balanceMinor", "main"],
    [words.supplied, "suppliedMinor", "part"],
    [words.vat, "vatMinor", "part"],
    ...(preview && preview.now.taxFreeMinor > 0n
      ? ([[words.taxFreeRow, "taxFreeMinor", "part"]] as const)
      : []),
  ];
  const change = current ? preview?.change : null;
  const after = current ? preview?.after : null;
  const cell = "h-7 whitespace-nowrap pr-3 text-right";
  return (
    <table
      aria-busy={!current || undefined}
      className="w-full border-separate border-spacing-0 overflow-hidden rounded-panel border border-line [&_tr:not(:last-child)>*]:border-line [&_tr:not(:last-child)>*]:border-b"
    >
      <caption className="sr-only">{words.previewCaption}</caption>
      <thead className="bg-sunken text-ink-3 text-meta [&_th]:border-line [&_th]:border-b">
        <tr>
          <th scope="col" className="h-7 px-3 text-left font-medium">
            {words.preview}
          </th>
          <th scope="col" className={classes(cell, "font-medium")}>
            {words.before}
          </th>
          <th scope="col" className={classes(cell, "font-medium")}>
            {words.change}
          </th>
          <th scope="col" className={classes(cell, "font-medium")}>
            {words.after}
          </th>
        </tr>
      </thead>
      <tbody className={current ? undefined : "opacity-60"}>
        {rows.map(([name, field, level]) => (
          <tr key={field} className={level === "part" ? "text-ink-3" : undefined}>
            <th scope="row" className={classes("px-3 text-left font-normal", level === "part" && "pl-6")}>
              {name}
            </th>
            <td className={cell}>
              {preview ? formatAmount(preview.now[field]) : <Skeleton className="ml-auto w-14" />}
            </td>
            <td className={classes(cell, level === "main" && "font-semibold")}>
              {change ? formatAmount(-change[field]) : <Nothing />}
            </td>
            <td className={classes(cell, level === "main" && "font-semibold")}>
              {after ? formatAmount(after[field]) : <Nothing />}
            </td>
          </tr>
        ))}
        {preview && !settled ? (
          <tr>
            <th scope="row" className="px-3 text-left font-normal">
              {words.net}
            </th>
            <td colSpan={3} className={classes(cell, "text-ink-3")}>
              {words.feeLater}
            </td>
          </tr>
        ) : (
          settledRows.map(([name, field, sign, level]) => (
            <tr key={field} className={level === "part" ? "text-ink-3" : undefined}>
              <th scope="row" className={classes("px-3 text-left font-normal", level === "part" && "pl-6")}>
                {words[name]}
              </th>
              <td className={cell}>
                {settled ? formatAmount(sign * settled.now[field]) : <Skeleton className="ml-auto w-14" />}
              </td>
              <td className={classes(cell, level === "main" && "font-semibold")}>
                {change && settled ? formatDifference(sign * settled.change[field]) : <Nothing />}
              </td>
              <td className={classes(cell, level === "main" && "font-semibold")}>
                {after && settled ? formatAmount(sign * settled.after[field]) : <Nothing />}
              </td>
            </tr>
          ))
        )}
      </tbody>
    </table>
  );
}

function Nothing() {
  const { common } = useTexts();
  return (
    <span role="img" aria-label={common.notApplicable} className="text-ink-3">
      –
    </span>
  );
}
