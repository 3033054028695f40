"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { type NavigationCounts, type NavigationId, navigation } from "#components/layout/navigation.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { useSidebar } from "#components/layout/sidebar-state.tsx";
import { classes } from "#components/ui/classes.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";

/** The mark and the name; `isNarrow` leaves the name to those who hear it. */
export function Brand({ isNarrow = false, className }: { isNarrow?: boolean; className?: string }) {
  return (
    <span
      className={classes(
        "relative flex h-7 items-center gap-2 px-2 font-bold text-[15px] text-ink tracking-[-0.01em]",
        className,
      )}
    >
      <span
        aria-hidden
        className="size-[18px] shrink-0 rounded-chip bg-accent shadow-[inset_5px_0_0_#ffffff55]"
      />
      <span className={isNarrow ? "sr-only" : undefined}>Paydeck</span>
    </span>
  );
}

/** The sidebar beside the page: 208 px with names, or 56 px whose names are tooltips (design §1). */
export function Sidebar({ counts }: { counts: NavigationCounts }) {
  const { navigation: texts } = useTexts();
  const { isNarrow, toggle } = useSidebar();
  return (
    <nav
      aria-label={texts.label}
      className="print:hidden row-span-2 overflow-y-auto overflow-x-hidden border-line border-r px-2 py-2.5 max-wide:hidden"
    >
      <div className={classes("mb-2 flex items-center justify-between", isNarrow && "flex-col gap-1")}>
        <Link href="/" className="block rounded-control no-underline">
          <Brand isNarrow={isNarrow} className={isNarrow ? "px-0" : undefined} />
        </Link>
        <IconButton
          icon={isNarrow ? PanelLeftOpen : PanelLeftClose}
          label={isNarrow ? texts.unfold : texts.fold}
          size="iconSmall"
          aria-keyshortcuts="["
          onClick={toggle}
        />
      </div>
      <SidebarLinks counts={counts} isNarrow={isNarrow} />
    </nav>
  );
}

/** Groups of links; `onNavigate` lets a drawer close itself, `isNarrow` leaves icons alone. */
export function SidebarLinks({
  counts,
  isNarrow = false,
  onNavigate,
}: {
  counts: NavigationCounts;
  isNarrow?: boolean;
  onNavigate?: () => void;
}) {
  const { navigation: texts } = useTexts();
  const pathname = usePathname();
  const { permissions } = useOperator();
  const tooltipOf = (id: NavigationId, count: number) =>
    count > 0 ? `${texts.entries[id]} · ${texts.countLabel(count)}` : texts.entries[id];
  return navigation.map((group) => {
    const entries = group.entries.filter((entry) => permissions.includes(entry.permission));
    if (entries.length === 0) return null;
    return (
      <div key={group.id ?? "top"}>
        {group.id === null ? null : (
          <h2
            className={
              // A hairline stands for the name that has no room.
              isNarrow
                ? "relative mx-2 my-2 h-px bg-line"
                : "px-2 pt-3.5 pb-1 font-medium text-ink-3 text-meta"
            }
          >
            <span className={isNarrow ? "sr-only" : undefined}>{texts.groups[group.id]}</span>
          </h2>
        )}
        <ul>
          {entries.map(({ id, href, icon: Icon }) => {
            const current = pathname === href || pathname.startsWith(`${href}/`);
            const waiting = counts[id];
            return (
              <li key={id}>
                <Tooltip side="right" content={isNarrow ? tooltipOf(id, waiting?.count ?? 0) : null}>
                  <Link
                    href={href}
                    aria-current={current ? "page" : undefined}
                    {...(onNavigate && { onClick: onNavigate })}
                    className={classes(
                      "relative flex h-[30px] items-center gap-2 rounded-control px-2 text-ink-2 no-underline hover:bg-hover max-wide:h-11",
                      isNarrow && "justify-center gap-0 px-0",
                      current && "bg-selected font-semibold text-ink hover:bg-selected",
                    )}
                  >
                    <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
                    <span className={isNarrow ? "sr-only" : undefined}>{texts.entries[id]}</span>
                    {waiting && waiting.count > 0 ? (
                      <Count label={texts.countLabel(waiting.count)} isNarrow={isNarrow} {...waiting} />
                    ) : null}
                  </Link>
                </Tooltip>
              </li>
            );
          })}
        </ul>
      </div>
    );
  });
}

/** How much waits: the number, or a dot at the icon's corner where there is no room. */
function Count({
  label,
  count,
  hot = false,
  isNarrow,
}: {
  label: string;
  count: number;
  hot?: boolean;
  isNarrow: boolean;
}) {
  return (
    <span
      role="img"
      aria-label={label}
      className={classes(
        isNarrow ? "absolute top-1 right-1.5 size-2 rounded-full" : "ml-auto font-semibold text-meta",
        isNarrow && (hot ? "bg-unk-solid" : "bg-ink-3"),
        !isNarrow && (hot ? "rounded-full bg-unk-solid px-1.5 text-white leading-[18px]" : "text-ink-3"),
      )}
    >
      {isNarrow ? null : count.toLocaleString("en-US")}
    </span>
  );
}
