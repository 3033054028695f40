"use client";

import { ChevronRight, CircleCheck, Inbox, type LucideIcon, TriangleAlert, Unplug } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { unknownHref } from "#components/home/list-href.ts";
import { formatCountdown, formatTableTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import type { HomeAttention } from "#server/reports/home-queries.ts";

type Item = Readonly<{
  key: string;
  href: string;
  badge: Readonly<{ level: Level; tone: Tone; icon: LucideIcon; label: string; note?: string }>;
  text: string;
  remark: ReactNode;
}>;

/** What a person should see to now, the most urgent first; calm when there is nothing. */
export function AttentionStrip({ attention }: { attention: HomeAttention | undefined }) {
  const { home } = useTexts();
  const now = useNow();
  const items = useItems(attention, now);
  return (
    <section aria-labelledby="attention" className="min-w-0">
      <SectionTitle id="attention">{home.attention.title}</SectionTitle>
      {attention === undefined ? (
        <ul className="border-line border-t">
          {["w-2/3", "w-1/2"].map((width) => (
            <li key={width} className="flex h-[67px] items-center border-line border-b">
              <Skeleton className={width} />
            </li>
          ))}
        </ul>
      ) : items.length === 0 ? (
        <div className="flex gap-2.5 border-line border-t py-3">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.75} />
          <div>
            <p className="font-semibold">{home.attention.none}</p>
            <p className="text-ink-3 text-meta">{home.attention.noneBody}</p>
          </div>
        </div>
      ) : (
        <ul className="border-line border-t">
          {items.map(({ key, href, badge, text, remark }) => (
            <li key={key} className="border-line border-b">
              <Link
                href={href}
                className="flex items-center gap-3 py-2.5 text-ink no-underline hover:bg-hover focus-visible:-outline-offset-2"
              >
                <span className="min-w-0 flex-1">
                  <span className="flex flex-wrap items-center gap-x-2">
                    <ToneBadge {...badge} />
                    {remark ? <span className="text-ink-3 text-meta">{remark}</span> : null}
                  </span>
                  <span className="block pt-1 font-medium">{text}</span>
                </span>
                <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function useItems(attention: HomeAttention | undefined, now: Date | null): readonly Item[] {
  const words = useTexts().home.attention;
  if (!attention) return [];
  const clock = now ?? attention.asOf;
  const left = (deadline: Date) => formatCountdown(deadline.getTime() - clock.getTime());
  const items: Item[] = [];
  for (const { vanCode, count, deadlineAt, inbox } of attention.closing)
    items.push({
      key: `closing-${vanCode}`,
      href: unknownHref(inbox),
      badge: {
        level: "solid",
        tone: "unk",
        icon: DiamondQuestion,
        label: words.unknown,
        // Between two readings the nearest deadline may pass; the next one sorts its payment into the other group.
        ...(deadlineAt > clock && { note: left(deadlineAt) }),
      },
      text: words.closing(vanCode, count),
      remark: null,
    });
  for (const { vanCode, count, deadlineAt, inbox } of attention.passed)
    items.push({
      key: `passed-${vanCode}`,
      href: unknownHref(inbox),
      badge: { level: "tint", tone: "unk", icon: DiamondQuestion, label: words.unknown },
      text: words.overdue(vanCode, count),
      remark: <TimeInText at={deadlineAt} say={words.since} format={(at) => formatTableTime(at, clock)} />,
    });
  const { incidents, vans, deadLetters } = attention;
  if (incidents.count > 0)
    items.push({
      key: "incidents",
      href: "/integrity",
      badge: {
        level: "tint",
        tone: incidents.worst === "page" ? "bad" : "warn",
        icon: TriangleAlert,
        label: words.incident,
      },
      text: words.incidents(incidents.count),
      remark: incidents.worst === "page" ? words.incidentNow : words.incidentToday,
    });
  for (const { code, trouble, since } of vans)
    items.push({
      key: `van-${code}`,
      href: "/vans",
      badge: { level: "tint", tone: trouble === "open" ? "bad" : "warn", icon: Unplug, label: words.van },
      text: words.vans[trouble](code),
      remark: since && (
        <TimeInText at={since} say={words.since} format={(at) => formatTableTime(at, clock)} />
      ),
    });
  if (deadLetters.count > 0)
    items.push({
      key: "dead-letters",
      href: "/dead-letters?status=PARKED",
      badge: { level: "tint", tone: "warn", icon: Inbox, label: words.deadLetter },
      text: words.deadLetters(deadLetters.count),
      remark:
        deadLetters.nextDeadlineAt && deadLetters.nextDeadlineAt > clock
          ? words.deadline(left(deadLetters.nextDeadlineAt))
          : words.noDeadline,
    });
  return items;
}
