"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { OutcomeTotals } from "#components/dead-letters/outcome-totals.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

const lettersShown = 50;

/** What approving a re-drive would send: what its preview said of all letters, and of the first of them each. */
export default function RedriveChange({ change }: { change: ChangeDetail }) {
  const { changeRequests, deadLetters } = useTexts();
  const words = changeRequests.redrive;
  const trpc = useTRPC();
  const id = change.subjectId;
  const run = useQuery(trpc.deadLetter.run.queryOptions({ id }));
  const letters = useQuery(trpc.deadLetter.runLetters.queryOptions({ id, limit: lettersShown }));
  const jobs: Readonly<Record<string, string>> = deadLetters.jobs;
  const error = run.error ?? letters.error;
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle
        id="change-preview"
        remark={
          run.data?.previewedAt ? <TimeInText at={run.data.previewedAt} say={words.previewedAt} /> : undefined
        }
      >
        {words.title}
      </SectionTitle>
      {run.data && letters.data ? (
        <div className="flex flex-col gap-3">
          <div className="max-w-140">
            <OutcomeTotals totals={run.data.totals} />
          </div>
          {change.status === "PENDING" ? (
            <div className="max-w-140">
              <Note>{words.again}</Note>
            </div>
          ) : null}
          {change.status === "DONE" ? (
            <Link
              href={`/dead-letters?run=${id}`}
              className="inline-flex min-h-6 items-center underline underline-offset-2"
            >
              {words.seeRun}
            </Link>
          ) : null}
          <Table
            caption={words.caption(letters.data.letters.length, run.data.itemCount)}
            wrapperClassName="-mx-6 max-wide:-mx-4"
          >
            <TableHead>
              <HeaderCell>{words.columns.outcome}</HeaderCell>
              <HeaderCell>{words.columns.job}</HeaderCell>
              <HeaderCell>{words.columns.order}</HeaderCell>
              <HeaderCell className="w-full">{words.columns.mall}</HeaderCell>
              <HeaderCell numeric>{words.columns.amount}</HeaderCell>
            </TableHead>
            <tbody>
              {letters.data.letters.map((letter) => (
                <TableRow key={letter.id}>
                  <Cell>{letter.outcome ? deadLetters.outcomes[letter.outcome] : ""}</Cell>
                  <Cell>{letter.jobName ? (jobs[letter.jobName] ?? letter.jobName) : ""}</Cell>
                  <Cell>{letter.orderId ?? letter.id}</Cell>
                  <Cell>{letter.mallName ?? ""}</Cell>
                  <Cell numeric>
                    <Money bare amountMinor={letter.amountMinor} />
                  </Cell>
                </TableRow>
              ))}
            </tbody>
          </Table>
        </div>
      ) : error ? (
        <QueryError
          compact
          error={error}
          title={words.failed}
          onRetry={() => {
            void run.refetch();
            void letters.refetch();
          }}
          retrying={run.isFetching || letters.isFetching}
        />
      ) : (
        <Skeleton className="h-32 w-full max-w-140" />
      )}
    </section>
  );
}
