"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { sizeText } from "#components/exports/export-parts.tsx";
import type { Language } from "#components/i18n/language.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { fetchStatement, saveFile } from "#components/settlements/fetch-statement.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Field, Input, RadioCards, Textarea } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { SettlementDetail } from "#server/settlement/settlement-queries.ts";

/** The statement of a settlement as a PDF, and a mail to send it with, in the language of whoever gets it. */
export function StatementSheet({
  settlement,
  onClose,
}: {
  settlement: SettlementDetail;
  onClose: () => void;
}) {
  const texts = useTexts();
  const { common } = texts;
  const words = texts.settlements.statement;
  const screenLanguage = useLanguage();
  const trpc = useTRPC();
  // Whoever gets it is a Korean company, whatever the language of the one who sends it.
  const [language, setLanguage] = useState<Language>("ko");
  const settlementId = settlement.id;
  const query = useQuery(trpc.settlement.statement.queryOptions({ settlementId, language }));
  const described = query.data;
  const fetching = useMutation({
    mutationFn: (name: string) =>
      fetchStatement(settlementId, language).then((fetched) => {
        if (fetched.kind === "file") saveFile(fetched.file, name);
        return fetched;
      }),
  });
  const fetched = fetching.data;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      footer={
        <>
          <Button size="large" onClick={onClose}>
            {common.close}
          </Button>
          <Button
            look="primary"
            size="large"
            className="ml-auto"
            disabled={!described}
            busy={fetching.isPending}
            onClick={() => described && fetching.mutate(described.fileName)}
          >
            <Download aria-hidden className="size-4" strokeWidth={1.5} />
            {words.download}
          </Button>
        </>
      }
    >
      <p className="rounded-panel bg-sunken px-3 py-2">
        <span className="whitespace-nowrap">{settlement.businessDate}</span> {settlement.mallName} ·{" "}
        {common.method[settlement.method]}
      </p>
      <RadioCards
        legend={words.language}
        name="statement-language"
        value={language}
        options={[
          { value: "ko", label: <span lang="ko">한국어</span> },
          { value: "en", label: <span lang="en">English</span> },
        ]}
        onChange={(next) => {
          setLanguage(next);
          fetching.reset();
        }}
      />
      {query.isError ? (
        <QueryError
          error={query.error}
          title={words.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      ) : described ? (
        <>
          {described.issuer.businessNumber === null ? <Note tone="warn">{words.noNumber}</Note> : null}
          <Field label={words.file} hint={words.fileHint}>
            <Input readOnly lang={language} value={described.fileName} />
          </Field>
          <h3 className="pt-1 font-bold text-section">{words.mail}</h3>
          <div className="flex items-end gap-1">
            <Field label={words.subject} className="flex-1">
              <Input readOnly lang={language} value={described.mail.subject} />
            </Field>
            <CopyButton className="mb-1.5" value={described.mail.subject} what={words.subject} />
          </div>
          <div className="flex items-start gap-1">
            <Field label={words.body} className="flex-1">
              <Textarea readOnly rows={19} lang={language} value={described.mail.body} />
            </Field>
            <CopyButton className="mt-7" value={described.mail.body} what={words.body} />
          </div>
        </>
      ) : (
        <>
          <Skeleton className="h-14 w-full" />
          <Skeleton className="h-14 w-full" />
          <Skeleton className="h-72 w-full" />
        </>
      )}
      <div role="status">
        {fetched?.kind === "file" ? <Note>{words.done(sizeText(BigInt(fetched.file.size)))}</Note> : null}
      </div>
      {fetched && fetched.kind !== "file" ? (
        <ErrorBlock
          compact
          title={words.error}
          {...(fetched.kind === "refused" && { traceId: fetched.traceId })}
        >
          {fetched.kind === "refused"
            ? (texts.refusals[fetched.code] ?? fetched.message[screenLanguage])
            : common.errors.unreachable}
        </ErrorBlock>
      ) : null}
    </Sheet>
  );
}
