"use client";

import { ChevronDown, LogOut, MonitorSmartphone, UserRound } from "lucide-react";
import Link from "next/link";
import { signOut } from "next-auth/react";
import { DropdownMenu } from "radix-ui";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { menuItemClasses, menuPanelClasses } from "#components/ui/menu.ts";

/** Ends the session and loads afresh, so that nothing of it stays on the screen. */
async function leave(): Promise<void> {
  await signOut({ redirect: false });
  window.location.assign("/sign-in");
}

/** Person · role, with the way out. */
export function AccountMenu() {
  const { navigation, common, people } = useTexts();
  const operator = useOperator();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={`${navigation.account}: ${operator.name} · ${common.role[operator.role]}`}
        className={classes(
          buttonClasses("ghost"),
          "min-w-0 shrink px-2 font-normal max-wide:size-10 max-wide:px-0",
        )}
      >
        <span className="truncate max-wide:hidden">
          {operator.name} · {common.role[operator.role]}
        </span>
        <ChevronDown
          aria-hidden
          className="size-3.5 shrink-0 text-ink-3 max-wide:hidden"
          strokeWidth={1.75}
        />
        <UserRound aria-hidden className="hidden size-4 max-wide:block" strokeWidth={1.5} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className={classes(menuPanelClasses, "min-w-52")}
        >
          <div className="px-2 py-1.5">
            <p className="font-semibold">
              {operator.name} · {common.role[operator.role]}
            </p>
            <p className="text-ink-3 text-meta">{operator.email}</p>
          </div>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item asChild className={menuItemClasses}>
            <Link href="/sessions" className="no-underline">
              <MonitorSmartphone aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} />
              {people.sessions.menu}
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItemClasses} onSelect={() => void leave()}>
            <LogOut aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} />
            {navigation.signOut}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
