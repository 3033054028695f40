"use client";

import {
  ChevronDown,
  LogOut,
  type LucideIcon,
  MonitorSmartphone,
  Rows2,
  Rows3,
  Rows4,
  UserRound,
} from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useDensity } from "#components/layout/density-provider.tsx";
import { type Density, densities } from "#components/layout/frame-choices.ts";
import { leave } from "#components/layout/leave.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Menu } from "#components/ui/menu.tsx";

const rows: Readonly<Record<Density, LucideIcon>> = { dense: Rows4, normal: Rows3, roomy: Rows2 };

/** Person · role, how high this person wants rows, and the way out. */
export function AccountMenu() {
  const { navigation, common } = useTexts();
  const operator = useOperator();
  const { density, choose } = useDensity();
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
      choice={{
        label: navigation.density,
        value: density,
        onChange: (next) => choose(next as Density),
        options: densities.map((option) => ({
          value: option,
          label: navigation.densities[option],
          icon: rows[option],
        })),
      }}
      entries={[
        "separator",
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
