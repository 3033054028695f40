"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { type NavigationCounts, navigation } from "#components/layout/navigation.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { classes } from "#components/ui/classes.ts";

/** The mark and the name. */
export function Brand({ className }: { className?: string }) {
  return (
    <span
      className={classes(
        "flex h-7 items-center gap-2 px-2 font-bold text-[15px] text-ink tracking-[-0.01em]",
        className,
      )}
    >
      <span aria-hidden className="size-[18px] rounded-chip bg-accent shadow-[inset_5px_0_0_#ffffff55]" />
      Paydeck
    </span>
  );
}

/** Groups of links; `onNavigate` lets a drawer close itself. */
export function SidebarLinks({ counts, onNavigate }: { counts: NavigationCounts; onNavigate?: () => void }) {
  const { navigation: texts } = useTexts();
  const pathname = usePathname();
  const { permissions } = useOperator();
  return navigation.map((group) => {
    const entries = group.entries.filter((entry) => permissions.includes(entry.permission));
    if (entries.length === 0) return null;
    return (
      <div key={group.id ?? "top"}>
        {group.id === null ? null : (
          <h2 className="px-2 pt-3.5 pb-1 font-medium text-ink-3 text-meta">{texts.groups[group.id]}</h2>
        )}
        <ul>
          {entries.map(({ id, href, icon: Icon }) => {
            const current = pathname === href || pathname.startsWith(`${href}/`);
            const waiting = counts[id];
            return (
              <li key={id}>
                <Link
                  href={href}
                  aria-current={current ? "page" : undefined}
                  {...(onNavigate && { onClick: onNavigate })}
                  className={classes(
                    "flex h-[30px] items-center gap-2 rounded-control px-2 text-ink-2 no-underline hover:bg-hover max-wide:h-11",
                    current && "bg-selected font-semibold text-ink hover:bg-selected",
                  )}
                >
                  <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
                  {texts.entries[id]}
                  {waiting && waiting.count > 0 ? (
                    <span
                      role="img"
                      aria-label={texts.countLabel(waiting.count)}
                      className={classes(
                        "ml-auto font-semibold text-meta",
                        waiting.hot
                          ? "rounded-full bg-unk-solid px-1.5 text-white leading-[18px]"
                          : "text-ink-3",
                      )}
                    >
                      {waiting.count.toLocaleString("en-US")}
                    </span>
                  ) : null}
                </Link>
              </li>
            );
          })}
        </ul>
      </div>
    );
  });
}
