import type { ReactNode } from "react";
import { readThemeChoice } from "#components/i18n/read-texts.ts";
import { LanguageSwitch } from "#components/layout/language-switch.tsx";
import { Brand } from "#components/layout/sidebar.tsx";
import { SkipLink } from "#components/layout/skip-link.tsx";
import { ThemeSwitch } from "#components/layout/theme-switch.tsx";

/** Pages before a session: the same bars, nothing to navigate. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="flex h-12 shrink-0 items-center justify-between border-line border-b pr-4 pl-2 max-wide:pr-2">
        <Brand />
        <div className="flex items-center gap-2">
          <LanguageSwitch />
          <ThemeSwitch theme={await readThemeChoice()} />
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="flex flex-1 flex-col items-center bg-surface px-4 py-12 wide:pt-[14vh] outline-none"
      >
        {children}
      </main>
    </div>
  );
}
