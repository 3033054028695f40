"use client";

import { Menu } from "lucide-react";
import { type CSSProperties, type ReactNode, useRef, useState } from "react";
import type { Theme } from "#components/i18n/language.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { AccountMenu } from "#components/layout/account-menu.tsx";
import { CommandBox } from "#components/layout/command-box.tsx";
import type { SidebarWidth } from "#components/layout/frame-choices.ts";
import { LanguageSwitch } from "#components/layout/language-switch.tsx";
import { useNavigationCounts } from "#components/layout/navigation-counts.ts";
import { SessionWatch } from "#components/layout/session-watch.tsx";
import { Sidebar } from "#components/layout/sidebar.tsx";
import { SidebarContext, useSidebarWidth } from "#components/layout/sidebar-state.tsx";
import { SkipLink } from "#components/layout/skip-link.tsx";
import { ThemeSwitch } from "#components/layout/theme-switch.tsx";
import { useGoKeys } from "#components/layout/use-go-keys.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { usePart } from "#components/ui/use-part.ts";
import type { SessionTimes } from "#server/operators/session.values.ts";

const loadDrawer = () =>
  import("#components/layout/navigation-drawer.tsx").then((file) => file.NavigationDrawer);

/** The frame of every console page: sidebar 208 or 56, top bar 48, one scrolling main (design §1). Below 760 px the sidebar is a drawer. */
export function ConsoleShell({
  demo,
  theme,
  sidebar: givenSidebar,
  session,
  children,
}: {
  demo: boolean;
  theme: Theme;
  sidebar: SidebarWidth;
  session: SessionTimes;
  children: ReactNode;
}) {
  const { navigation } = useTexts();
  const counts = useNavigationCounts();
  const sidebar = useSidebarWidth(givenSidebar);
  useGoKeys();
  const [menuOpen, setMenuOpen] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  const { part: NavigationDrawer, prepare } = usePart(loadDrawer, () => setMenuOpen(false));
  return (
    <SidebarContext value={sidebar}>
      <div
        style={{ "--sidebar": sidebar.isNarrow ? "56px" : "208px" } as CSSProperties}
        className="grid h-dvh grid-cols-[var(--sidebar)_minmax(0,1fr)] grid-rows-[48px_minmax(0,1fr)] max-wide:grid-cols-[minmax(0,1fr)] print:block print:h-auto"
      >
        <SkipLink />
        <Sidebar counts={counts} />
        <header className="print:hidden flex min-w-0 items-center gap-2 border-line border-b px-6 max-wide:gap-1 max-wide:px-2">
          <button
            ref={menuButton}
            type="button"
            aria-label={navigation.open}
            aria-haspopup="dialog"
            aria-expanded={menuOpen}
            onClick={() => {
              prepare();
              setMenuOpen(true);
            }}
            onPointerEnter={prepare}
            onFocus={prepare}
            className={classes(buttonClasses("ghost", "icon"), "hidden max-wide:inline-flex")}
          >
            <Menu aria-hidden className="size-4" strokeWidth={1.5} />
          </button>
          {NavigationDrawer ? (
            <NavigationDrawer
              open={menuOpen}
              onOpenChange={setMenuOpen}
              counts={counts}
              button={menuButton}
              foot={
                <>
                  <LanguageSwitch />
                  <Environment demo={demo} />
                </>
              }
            />
          ) : null}
          <CommandBox />
          <div className="ml-auto flex min-w-0 items-center gap-3 text-ink-2 max-wide:gap-0">
            <Environment demo={demo} className="max-wide:hidden" />
            <LanguageSwitch className="max-wide:hidden" />
            <ThemeSwitch theme={theme} />
            <AccountMenu />
          </div>
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="relative flex min-w-0 scroll-pt-12 flex-col overflow-auto bg-surface outline-none print:overflow-visible"
        >
          {children}
        </main>
      </div>
      <SessionWatch given={session} />
    </SidebarContext>
  );
}

/** Where one works, as text: colour alone would not tell demo from production. */
function Environment({ demo, className }: { demo: boolean; className?: string }) {
  const { navigation } = useTexts();
  return (
    <span
      className={classes(
        "shrink-0 rounded-[4px] px-1.5 font-semibold text-meta leading-5",
        demo ? "bg-warn-bg text-warn" : "bg-mute-bg text-mute",
        className,
      )}
    >
      <span className="sr-only">{navigation.environmentLabel}: </span>
      {demo ? navigation.environment.demo : navigation.environment.production}
    </span>
  );
}
