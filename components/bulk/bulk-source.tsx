"use client";

import { FileUp } from "lucide-react";
import { useId, useRef, useState } from "react";
import { readCsvFile } from "#components/bulk/read-csv-file.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Textarea } from "#components/ui/field.tsx";
import { bulkFileCharsMax, bulkRowsMax } from "#server/bulk/bulk.values.ts";

/** Where payments are named: pasted lines or a CSV file, which fills the same box so that it can be looked over. */
export function BulkSourceBox({
  text,
  onTextChange,
  onPreview,
  busy,
}: {
  text: string;
  onTextChange: (text: string) => void;
  onPreview: () => void;
  busy: boolean;
}) {
  const words = useTexts().bulk.source;
  const file = useRef<HTMLInputElement>(null);
  const formatId = useId();
  const [error, setError] = useState<string | undefined>(undefined);

  async function choose(chosen: File | undefined): Promise<void> {
    if (!chosen) return;
    if (chosen.size > bulkFileCharsMax) return setError(words.fileTooLarge(bulkRowsMax));
    const read = await readCsvFile(chosen);
    if (read === null) return setError(words.fileUnreadable);
    setError(undefined);
    onTextChange(read);
  }

  return (
    <div className="grid max-w-180 gap-2">
      <Field label={words.text} hint={words.textHint(bulkRowsMax)} error={error}>
        <Textarea
          rows={7}
          value={text}
          spellCheck={false}
          placeholder={words.placeholder}
          className="font-mono"
          onChange={(event) => {
            setError(undefined);
            onTextChange(event.target.value);
          }}
        />
      </Field>
      <p id={formatId} className="text-ink-3">
        {words.format}
      </p>
      <div className="flex flex-wrap gap-2">
        <input
          ref={file}
          type="file"
          accept=".csv,.txt,.tsv,text/csv"
          aria-label={words.file}
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            void choose(event.target.files?.[0]);
            // The same file may be chosen again once it was mended.
            event.target.value = "";
          }}
        />
        <Button aria-describedby={formatId} onClick={() => file.current?.click()}>
          <FileUp aria-hidden className="size-4" strokeWidth={1.5} />
          {words.file}
        </Button>
        <Button look="primary" disabled={text.trim() === "" && !busy} busy={busy} onClick={onPreview}>
          {words.preview}
        </Button>
      </div>
    </div>
  );
}
