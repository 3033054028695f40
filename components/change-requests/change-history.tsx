"use client";

import { readCancelPayload } from "#components/change-requests/cancel-change.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import type { ChangeDetail, ChangeEvent } from "#server/change-requests/change-request-queries.ts";

/** Who did what to the request, and what each version asked for. */
export function ChangeHistory({ change }: { change: ChangeDetail }) {
  const { changeRequests } = useTexts();
  const words = changeRequests.detail;
  const language = useLanguage();
  const amountOf = (event: ChangeEvent) => readCancelPayload(event.payload).amountMinor;
  return (
    <section aria-labelledby="change-history">
      <SectionTitle id="change-history" remark={words.historyHint}>
        {words.history}
      </SectionTitle>
      <ol className="border-line border-t">
        {change.events.map((event) => {
          const before = change.events.findLast(({ version }) => version < event.version);
          const was = before ? amountOf(before) : null;
          const is = amountOf(event);
          return (
            <li
              key={String(event.id)}
              className="flex flex-wrap gap-x-4 gap-y-0.5 border-line border-b py-2 max-wide:flex-col"
            >
              <span className="w-28 shrink-0 text-ink-3">
                <DateTime at={event.at} />
              </span>
              <span className="min-w-0 flex-1">
                <b className="font-semibold">{changeRequests.events[event.kind]}</b>{" "}
                <span className="text-ink-3">
                  {event.actorId === "system" ? words.system : (event.actorName ?? event.actorId)} ·{" "}
                  {words.version(event.version)}
                </span>
                {event.kind === "EDITED" && was !== null && is !== null && was !== is ? (
                  <span className="block">
                    {words.changedAmount(formatMoney(was, language), formatMoney(is, language))}
                  </span>
                ) : null}
                {event.note ? (
                  <span className="block text-ink-2 [overflow-wrap:anywhere]">{event.note}</span>
                ) : null}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
