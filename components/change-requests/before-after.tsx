"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

export type Difference = Readonly<{ name: string; before: string; after: string }>;

/** What a change turns into what, line by line; what stays the same is quiet. */
export function BeforeAfter({
  caption,
  rows,
  columns,
}: {
  caption: string;
  rows: readonly Difference[];
  /** What the two columns are called when they are not before and after an approval. */
  columns?: Readonly<{ before: string; after: string }>;
}) {
  const { beforeAfter } = useTexts().changeRequests;
  const words = columns ?? beforeAfter;
  return (
    <table aria-label={caption} className="w-full border-line border-t text-left">
      <thead className="text-ink-3 text-meta">
        <tr className="border-line border-b">
          <th scope="col" className="py-1.5 pr-3 font-normal">
            {caption}
          </th>
          <th scope="col" className="py-1.5 pr-3 font-normal">
            {words.before}
          </th>
          <th scope="col" className="py-1.5 font-normal">
            {words.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, before, after }) => {
          const differs = before !== after;
          return (
            <tr key={name} className="border-line border-b align-top">
              <th scope="row" className="py-1.5 pr-3 font-normal text-ink-2">
                {name}
              </th>
              <td className="py-1.5 pr-3 text-ink-3 [overflow-wrap:anywhere]">{before}</td>
              <td
                className={classes(
                  "py-1.5 [overflow-wrap:anywhere]",
                  differs ? "font-semibold" : "text-ink-3",
                )}
              >
                {after}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
