"use client";

import { formatNumber, shortId } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Money } from "#components/ui/money.tsx";
import { ScrollArea } from "#components/ui/scroll-area.tsx";
import type { ReconDayDetail } from "#server/reconciliation/reconciliation-queries.ts";

/** The files of a day, the newest first, with what names and proves each; those that another took the place of are quiet. */
export function DayFiles({ files }: Pick<ReconDayDetail, "files">) {
  const { reconciliation } = useTexts();
  const words = reconciliation.day;
  const columns = words.filesColumns;
  const narrow = useNarrow();
  if (files.length === 0) return <p className="border-line border-t py-2 text-ink-3">{words.noFiles}</p>;
  if (narrow)
    return (
      <ul aria-label={words.files} className="border-line border-t tabular-nums">
        {files.map((file) => (
          <li
            key={file.id}
            className={classes(
              "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 border-line border-b py-2.5",
              file.replacedAt !== null && "text-ink-3",
            )}
          >
            <FileKind file={file} />
            <Money amountMinor={file.amountMinor} className="text-right font-semibold" />
            <span className="text-ink-2">
              {words.fileOf(file.recordCount)} · {bytesText(file.byteCount)}
            </span>
            <span className="text-right">
              <DateTime at={file.importedAt} />
            </span>
            <FileHash file={file} />
            <span className="text-right text-ink-3 text-meta">{file.importedByName ?? words.fetched}</span>
          </li>
        ))}
      </ul>
    );
  return (
    <ScrollArea label={words.files} className="rounded-none">
      <table aria-label={words.files} className="w-full whitespace-nowrap border-line border-t tabular-nums">
        <thead className="text-ink-3 text-meta">
          <tr className="border-line border-b">
            <th scope="col" className="h-8 text-left font-medium">
              {columns.kind}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {columns.records}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {columns.amount}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {columns.size}
            </th>
            <th scope="col" className="pl-4 text-left font-medium">
              {columns.sha256}
            </th>
            <th scope="col" className="pl-4 text-left font-medium">
              {columns.imported}
            </th>
            <th scope="col" className="pl-4 text-left font-medium">
              {columns.by}
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr
              key={file.id}
              className={classes("border-line border-b", file.replacedAt !== null && "text-ink-3")}
            >
              <th scope="row" className="h-9 text-left font-normal">
                <FileKind file={file} />
              </th>
              <td className="pl-3 text-right">{formatNumber(file.recordCount)}</td>
              <td className="pl-3 text-right">
                <Money bare amountMinor={file.amountMinor} />
              </td>
              <td className="pl-3 text-right">{bytesText(file.byteCount)}</td>
              <td className="pl-4">
                <FileHash file={file} />
              </td>
              <td className="pl-4">
                <DateTime at={file.importedAt} />
              </td>
              <td className="pl-4">{file.importedByName ?? words.fetched}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

type DayFile = ReconDayDetail["files"][number];

function FileKind({ file }: { file: DayFile }) {
  const { reconciliation } = useTexts();
  return (
    <span>
      {reconciliation.fileKinds[file.kind]}
      {file.replacedAt === null ? null : (
        <span className="ml-1.5 rounded-chip bg-mute-bg px-1.5 text-meta text-mute">
          {reconciliation.day.replaced}
        </span>
      )}
    </span>
  );
}

function FileHash({ file }: { file: DayFile }) {
  const { reconciliation } = useTexts();
  return (
    <span className="flex items-center gap-1">
      <span className="font-mono text-meta">{shortId(file.sha256)}</span>
      <CopyButton value={file.sha256} what={`SHA-256 ${reconciliation.fileKinds[file.kind]}`} />
    </span>
  );
}

/** A size in the largest unit that leaves a digit before the point: `812 B`, `14.2 kB`. */
function bytesText(bytes: bigint): string {
  const units = ["B", "kB", "MB", "GB"];
  let size = Number(bytes);
  let unit = 0;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
