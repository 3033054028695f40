"use client";

import { ChevronDown, LogOut, MonitorSmartphone, UserRound } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { leave } from "#components/layout/leave.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Menu } from "#components/ui/menu.tsx";

/** Person · role, with the way out. */
export function AccountMenu() {
  const { navigation, common } = useTexts();
  const operator = useOperator();
  const person = `${operator.name} · ${common.role[operator.role]}`;
  return (
    <Menu
      label={`${navigation.account}: ${person}`}
      align="end"
      className={classes(
        buttonClasses("ghost"),
        "min-w-0 shrink px-2 font-normal max-wide:size-10 max-wide:px-0",
      )}
      head={
        <>
          <div className="px-2 py-1.5">
            <p className="font-semibold">{person}</p>
            <p className="text-ink-3 text-meta">{operator.email}</p>
          </div>
          <div className="my-1 h-px min-w-50 bg-line" />
        </>
      }
      entries={[
        { label: navigation.sessions, icon: MonitorSmartphone, href: "/sessions" },
        { label: navigation.signOut, icon: LogOut, onSelect: () => void leave() },
      ]}
    >
      <span className="truncate max-wide:hidden">{person}</span>
      <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3 max-wide:hidden" strokeWidth={1.75} />
      <UserRound aria-hidden className="hidden size-4 max-wide:block" strokeWidth={1.5} />
    </Menu>
  );
}
