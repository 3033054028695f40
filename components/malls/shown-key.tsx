"use client";

import { useState } from "react";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Checkbox, Field, Input } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";

export type Shown = Readonly<{ secretKey: string; oldKeyExpiresAt?: Date }>;

/** The new key, this once. It stays until somebody says that it was kept: a click beside it must not lose it. */
export function ShownKey({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const { malls } = useTexts();
  const words = malls.keys.shown;
  const [isSaved, setIsSaved] = useState(false);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      locked={!isSaved}
      footer={
        <Button look="primary" size="large" className="flex-1" disabled={!isSaved} onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <Note tone="warn">{words.body}</Note>
      <div className="flex items-end gap-1">
        <Field label={words.label} className="flex-1">
          <Input
            readOnly
            spellCheck={false}
            className="bg-sunken font-mono text-meta"
            value={shown.secretKey}
            onFocus={(event) => event.target.select()}
          />
        </Field>
        <CopyButton value={shown.secretKey} what={words.label} className="mb-1.5" />
      </div>
      {shown.oldKeyExpiresAt && shown.oldKeyExpiresAt.getTime() > Date.now() ? (
        <p>
          <TimeInText at={shown.oldKeyExpiresAt} format={formatSeoulTime} say={words.oldUntil} />
        </p>
      ) : null}
      <Checkbox
        label={words.saved}
        checked={isSaved}
        onChange={(event) => setIsSaved(event.target.checked)}
      />
    </Sheet>
  );
}
