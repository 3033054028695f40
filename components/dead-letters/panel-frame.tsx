"use client";

import type { ReactNode } from "react";

/** Title and lead, what scrolls, and the buttons that stay. */
export function Frame({
  title,
  lead,
  footer,
  children,
}: {
  title: string;
  lead: ReactNode;
  footer: ReactNode;
  children?: ReactNode;
}) {
  return (
    <>
      <div className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-auto px-5 py-3.5 max-wide:px-0">
        <div>
          <h2 className="font-bold text-figure max-full:hidden">{title}</h2>
          <div className="text-ink-3">{lead}</div>
        </div>
        {children}
      </div>
      <div className="grid shrink-0 gap-2 border-line border-t px-5 pt-3 pb-4 max-full:px-0 max-full:pb-0">
        {footer}
      </div>
    </>
  );
}
