"use client";

import type { ReactNode } from "react";
import { ExportActions, ExportStanding, sizeText, sumText } from "#components/exports/export-parts.tsx";
import { formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import type { ExportLine } from "#server/exports/export-queries.ts";

/** All there is to know of an export: who took what and why, what it adds up to, and the sum of the file itself. */
export function ExportDrawer({ line, onClose }: { line: ExportLine | null; onClose: () => void }) {
  const { exports } = useTexts();
  if (!line) return null;
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={exports.detail.title(exports.kinds[line.kind])}
    >
      <div className="flex items-start justify-between gap-3">
        <ExportStanding line={line} />
        <ExportActions line={line} />
      </div>
      {line.failure ? <p className="text-bad">{exports.failures[line.failure]}</p> : null}
      <Facts line={line} />
    </Drawer>
  );
}

function Facts({ line }: { line: ExportLine }) {
  const { exports } = useTexts();
  const words = exports.detail;
  const language = useLanguage();
  const facts: readonly (readonly [string, ReactNode] | null)[] = [
    [words.purpose, exports.purposes[line.purpose]],
    [words.reason, line.reason],
    [words.by, line.requestedBy.name],
    [words.at, <DateTime key="at" at={line.requestedAt} format="full" />],
    line.frozenAt ? [words.frozenAt, <DateTime key="frozen" at={line.frozenAt} format="full" />] : null,
    [words.format, line.format],
    [words.columns, line.columns.length === 0 ? words.allColumns : words.columnCount(line.columns.length)],
    [words.personal, line.isMasked ? exports.list.masked : exports.list.unmasked],
    line.rowsTotal === null
      ? null
      : [
          words.rows,
          <>
            {formatNumber(line.rowsTotal)}
            {line.seenCount === null ? null : (
              <span className={line.seenCount === line.rowsTotal ? "block text-ok" : "block text-warn"}>
                {line.seenCount === line.rowsTotal
                  ? words.same(line.seenCount)
                  : words.differs(line.seenCount)}
              </span>
            )}
          </>,
        ],
    line.sums.length === 0
      ? null
      : [
          words.sums,
          <dl key="sums" className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 tabular-nums">
            {line.sums.map((sum) => (
              <div key={`${sum.currency} ${sum.column}`} className="contents">
                <dt className="text-ink-2">{exports.sums[sum.column] ?? sum.column}</dt>
                <dd className="text-right">{sumText(sum, language)}</dd>
              </div>
            ))}
          </dl>,
        ],
    line.byteCount === null ? null : [words.size, sizeText(line.byteCount)],
    line.sha256 === null
      ? null
      : [
          words.sha256,
          <>
            <span className="flex items-start gap-1">
              <code className="min-w-0 break-all">{line.sha256}</code>
              <CopyButton value={line.sha256} what={words.sha256} />
            </span>
            <span className="block text-ink-3 text-meta">{words.sha256Hint}</span>
          </>,
        ],
    line.state === "DONE" && line.expiresAt
      ? [words.expires, <DateTime key="expires" at={line.expiresAt} format="full" />]
      : null,
    line.byteCount === null ? null : [words.downloads, words.downloadCount(line.downloads)],
  ];
  return (
    <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-2">
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact[0]} className="contents">
            <dt className="text-ink-3">{fact[0]}</dt>
            <dd className="min-w-0 break-words">{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
