"use client";

import { useQuery } from "@tanstack/react-query";
import {
  CalendarCheck,
  CalendarClock,
  CalendarX,
  ChevronLeft,
  ChevronRight,
  type LucideIcon,
} from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { CalendarMonths } from "#components/settlements/calendar-months.tsx";
import { calendarAddress } from "#components/settlements/calendar-url.ts";
import { type ComparedHoliday, compareHolidays } from "#components/settlements/holiday-changes.ts";
import { SettlementTabs } from "#components/settlements/settlement-tabs.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { CalendarVersion } from "#server/settlement/calendar-queries.ts";

const CalendarPreview = dynamic(
  () => import("#components/settlements/calendar-preview.tsx").then((module) => module.CalendarPreview),
  { ssr: false, loading: () => <Skeleton className="mt-4 h-40 w-full" /> },
);
const ChangeHolidaysSheet = dynamic(
  () =>
    import("#components/settlements/change-holidays-sheet.tsx").then((module) => module.ChangeHolidaysSheet),
  { ssr: false },
);

const looks: Readonly<
  Record<CalendarVersion["status"], Readonly<{ level: Level; tone: Tone; icon: LucideIcon }>>
> = {
  DRAFT: { level: "tint", tone: "run", icon: CalendarClock },
  ACTIVE: { level: "plain", tone: "ok", icon: CalendarCheck },
  RETIRED: { level: "plain", tone: "mute", icon: CalendarX },
};

/** The days on which nothing is paid, year by year and version by version; a draft shows what it would move. */
export function CalendarScreen() {
  const { settlements } = useTexts();
  const words = settlements.calendar;
  const trpc = useTRPC();
  const { view, change } = useAddressView(calendarAddress);
  const mayPlan = useMay("settlement:calendar");
  const [isChanging, setIsChanging] = useState(false);
  const calendars = useQuery(trpc.settlement.calendars.queryOptions());
  const versions = calendars.data ?? [];
  const active = versions.find(({ status }) => status === "ACTIVE");
  const shown = view.version === null ? active : versions.find(({ version }) => version === view.version);
  const activeDays = useQuery(
    trpc.settlement.holidays.queryOptions(
      { version: active?.version ?? 1 },
      { enabled: active !== undefined },
    ),
  );
  const shownDays = useQuery(
    trpc.settlement.holidays.queryOptions({ version: shown?.version ?? 1 }, { enabled: shown !== undefined }),
  );
  const year = view.year ?? Number(seoulDate(new Date()).slice(0, 4));
  const error = calendars.error ?? activeDays.error ?? shownDays.error;
  const days =
    activeDays.data && shownDays.data
      ? shown?.status === "DRAFT"
        ? compareHolidays(activeDays.data, shownDays.data)
        : compareHolidays(shownDays.data, shownDays.data)
      : undefined;
  const ofYear = days?.filter(({ date }) => date.startsWith(`${year}-`));
  const turn = (next: number) => change({ year: next });
  return (
    <div className="flex min-h-0 flex-1 flex-col print:block">
      <PageHeader
        title={words.heading(year)}
        longStatus
        status={
          shown ? (
            <>
              <span className="tabular-nums">{words.version(shown.version)}</span>
              <ToneBadge {...looks[shown.status]} label={words.statuses[shown.status]} />
            </>
          ) : null
        }
        actions={
          <>
            <Button onClick={() => window.print()}>{words.print}</Button>
            {mayPlan ? (
              <Button look="primary" disabled={!activeDays.data} onClick={() => setIsChanging(true)}>
                {words.change.open}
              </Button>
            ) : null}
          </>
        }
      />
      <SettlementTabs page="calendar" />
      <div className="px-6 pb-8 max-wide:px-4">
        {error && !days ? (
          <div className="pt-4">
            <QueryError
              error={error}
              title={words.error}
              onRetry={() => {
                void calendars.refetch();
                void activeDays.refetch();
                void shownDays.refetch();
              }}
              retrying={calendars.isFetching || activeDays.isFetching || shownDays.isFetching}
            />
          </div>
        ) : calendars.data && !shown ? (
          <EmptyState
            icon={CalendarX}
            title={words.noVersion}
            action={<Button onClick={() => change({ version: null })}>{words.toActive}</Button>}
          />
        ) : ofYear && shown ? (
          <>
            <VersionNote shown={shown} active={active} />
            <nav aria-label={words.years} className="flex items-center gap-2 pt-3 print:hidden">
              <IconButton icon={ChevronLeft} label={words.year(year - 1)} onClick={() => turn(year - 1)} />
              <b className="font-semibold text-section tabular-nums">{words.year(year)}</b>
              <IconButton icon={ChevronRight} label={words.year(year + 1)} onClick={() => turn(year + 1)} />
              <span aria-live="polite" className="text-ink-2">
                {words.count(ofYear.filter((day) => day.change !== "removed").length)}
              </span>
            </nav>
            <CalendarMonths year={year} days={ofYear} />
            {mayPlan && shown.status === "DRAFT" && shown.basedOn === active?.version ? (
              <CalendarPreview
                key={shown.version}
                version={shown.version}
                onActivated={() => change({ version: null })}
              />
            ) : null}
            <section aria-labelledby="holidays">
              <SectionTitle id="holidays" remark={words.listRemark}>
                {words.list(year)}
              </SectionTitle>
              {ofYear.length === 0 ? (
                <p className="text-ink-2">{words.none}</p>
              ) : (
                <DayTable days={ofYear} caption={words.list(year)} />
              )}
            </section>
            <Versions versions={versions} shown={shown.version} onShow={(version) => change({ version })} />
          </>
        ) : (
          <div className="flex flex-col gap-4 pt-4">
            <Skeleton className="h-7 w-40" />
            <Skeleton className="h-96 w-full" />
          </div>
        )}
      </div>
      {isChanging && activeDays.data ? (
        <ChangeHolidaysSheet
          holidays={activeDays.data}
          onDrafted={(version) => change({ version })}
          onClose={() => setIsChanging(false)}
        />
      ) : null}
    </div>
  );
}

/** What a version is that is not in force. */
function VersionNote({ shown, active }: { shown: CalendarVersion; active: CalendarVersion | undefined }) {
  const words = useTexts().settlements.calendar;
  if (shown.status === "ACTIVE") return null;
  return (
    <div className="pt-3">
      <Note tone={shown.status === "DRAFT" ? "warn" : "run"}>
        {shown.status === "RETIRED"
          ? words.retired(active?.version ?? 0)
          : shown.basedOn === active?.version
            ? words.draft(shown.version)
            : words.stale(shown.version, active?.version ?? 0)}
      </Note>
    </div>
  );
}

function DayTable({ days, caption }: { days: readonly ComparedHoliday[]; caption: string }) {
  const { settlements } = useTexts();
  const words = settlements.calendar;
  const differs = days.some(({ change }) => change !== "same");
  const weekday = (date: string) =>
    settlements.why.weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "";
  return (
    <Table caption={caption} wrapperClassName="-mx-6 border-line border-t tabular-nums max-wide:-mx-4">
      <TableHead>
        <HeaderCell>{words.columns.date}</HeaderCell>
        <HeaderCell>{words.columns.weekday}</HeaderCell>
        <HeaderCell className="w-full">{words.columns.name}</HeaderCell>
        <HeaderCell>{words.columns.kind}</HeaderCell>
        {differs ? <HeaderCell>{words.columns.change}</HeaderCell> : null}
      </TableHead>
      <tbody>
        {days.map((day) => (
          <TableRow key={`${day.date}:${day.change}`}>
            <Cell>{day.date}</Cell>
            <Cell>{words.weekday(weekday(day.date))}</Cell>
            <Cell
              describing
              title={day.name}
              className={classes("min-w-28", day.change === "removed" && "text-ink-3 line-through")}
            >
              {day.name}
            </Cell>
            <Cell className="text-ink-2">{words.kinds[day.kind]}</Cell>
            {differs ? (
              <Cell className={day.change === "same" ? "text-ink-3" : "font-semibold"}>
                {words.changes[day.change]}
              </Cell>
            ) : null}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** Who wrote each version and when, the newest first. */
function Versions({
  versions,
  shown,
  onShow,
}: {
  versions: readonly CalendarVersion[];
  shown: number;
  onShow: (version: number) => void;
}) {
  const words = useTexts().settlements.calendar;
  const narrow = useNarrow();
  const { versionColumns: columns } = words;
  const show = ({ version }: CalendarVersion) =>
    version === shown ? (
      <span className="text-ink-3">{words.shown}</span>
    ) : (
      <Button size="small" aria-label={words.showOf(version)} onClick={() => onShow(version)}>
        {words.show}
      </Button>
    );
  return (
    <section aria-labelledby="versions" className="print:hidden">
      <SectionTitle id="versions" remark={words.versionsRemark}>
        {words.versions}
      </SectionTitle>
      {narrow ? (
        <ul aria-label={words.versions} className="-mx-4 border-line border-t">
          {versions.map((one) => (
            <li key={one.version} className="border-line border-b px-4 py-2.5">
              <div className="flex items-center gap-x-3">
                <b className="font-semibold tabular-nums">{words.version(one.version)}</b>
                <ToneBadge {...looks[one.status]} label={words.statuses[one.status]} />
                <span className="ml-auto">{show(one)}</span>
              </div>
              <p className="text-ink-2">
                {one.createdByName} · <DateTime at={one.createdAt} format="full" />
              </p>
              {one.note ? <p className="text-ink-3 [overflow-wrap:anywhere]">{one.note}</p> : null}
            </li>
          ))}
        </ul>
      ) : (
        <Table caption={words.versions} wrapperClassName="-mx-6 border-line border-t tabular-nums">
          <TableHead>
            <HeaderCell>{columns.version}</HeaderCell>
            <HeaderCell>{columns.status}</HeaderCell>
            <HeaderCell numeric>{columns.count}</HeaderCell>
            <HeaderCell>{columns.created}</HeaderCell>
            <HeaderCell>{columns.activated}</HeaderCell>
            <HeaderCell className="w-full">{columns.note}</HeaderCell>
            <HeaderCell>
              <span className="sr-only">{columns.action}</span>
            </HeaderCell>
          </TableHead>
          <tbody>
            {versions.map((one) => (
              <TableRow key={one.version} selected={one.version === shown}>
                <Cell>{words.version(one.version)}</Cell>
                <Cell>
                  <ToneBadge {...looks[one.status]} label={words.statuses[one.status]} />
                </Cell>
                <Cell numeric>{one.holidayCount.toLocaleString("en-US")}</Cell>
                <Cell>
                  {one.createdByName} <DateTime at={one.createdAt} className="text-ink-3" />
                </Cell>
                <Cell>
                  {one.activatedByName} <DateTime at={one.activatedAt} className="text-ink-3" />
                </Cell>
                <Cell describing title={one.note}>
                  {one.note}
                </Cell>
                <Cell numeric>{show(one)}</Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}
