"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";

/**
 * The head of a page: its one h1, live status beside it, at most one primary and two secondary actions at the right. It is
 * as high without actions, so that titles stand at one place. `longStatus` goes below them on a narrow screen,
 * where its line is kept free until it is known.
 */
export function PageHeader({
  title,
  status,
  actions,
  longStatus = false,
}: {
  title: ReactNode;
  status?: ReactNode;
  actions?: ReactNode;
  longStatus?: boolean;
}) {
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 px-6 pt-4 pb-2 max-wide:px-4 max-wide:min-h-15 max-wide:pt-3">
      <h1 className="font-bold text-title">{title}</h1>
      {status || longStatus ? (
        <div
          className={classes(
            "flex flex-wrap items-center gap-2 text-ink-3",
            longStatus && "max-wide:order-last max-wide:min-h-5 max-wide:w-full",
          )}
        >
          {status}
        </div>
      ) : null}
      {actions ? (
        <div data-page-actions className="print:hidden ml-auto flex flex-wrap items-center gap-2">
          {actions}
        </div>
      ) : null}
    </header>
  );
}

export type Crumb = Readonly<{ label: string; href?: string }>;

/** Where one is, from the second level on. Give the list's link with its query, so that Back restores it. */
export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const { common } = useTexts();
  return (
    <nav
      aria-label={common.breadcrumb}
      className="print:hidden shrink-0 px-6 pt-3 text-ink-3 text-meta max-wide:px-4 max-wide:pt-2.5"
    >
      <ol className="flex flex-wrap items-center gap-x-1">
        {crumbs.map(({ label, href }, index) => (
          <li key={label} className="flex items-center gap-x-1">
            {index > 0 ? <span aria-hidden>›</span> : null}
            {href ? (
              <Link
                href={href}
                className="inline-flex min-h-6 items-center text-ink-2 underline underline-offset-2"
              >
                {label}
              </Link>
            ) : (
              <span aria-current="page" className="inline-flex min-h-6 items-center">
                {label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** A section's heading: 14/20 bold, a remark beside it. */
export function SectionTitle({
  children,
  remark,
  action,
  id,
}: {
  children: ReactNode;
  remark?: ReactNode;
  action?: ReactNode;
  id?: string;
}) {
  return (
    <div className="flex items-baseline gap-2 pt-4.5 pb-2">
      <h2 id={id} className="font-bold text-section">
        {children}
      </h2>
      {remark ? <span className="text-ink-3 text-meta">{remark}</span> : null}
      {action ? <div className="ml-auto">{action}</div> : null}
    </div>
  );
}
