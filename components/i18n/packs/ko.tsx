"use client";

import type { ReactNode } from "react";
import { ko } from "#components/i18n/ko.ts";
import { LanguageProvider } from "#components/i18n/language-provider.tsx";

/** Everything below in Korean; the other language stays on the server. */
export default function Korean({ children }: { children: ReactNode }) {
  return (
    <LanguageProvider language="ko" texts={ko}>
      {children}
    </LanguageProvider>
  );
}
