"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";

/** The first stop of the focus: past the bars, to the content (`#main`). */
export function SkipLink() {
  const { common } = useTexts();
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2"
    >
      {common.skipToContent}
    </a>
  );
}
