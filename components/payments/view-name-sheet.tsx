"use client";

import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import type { Views } from "#components/payments/use-views.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox, Field, Input } from "#components/ui/field.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { SavedView } from "#server/saved-views/read-views.ts";

const nameMax = 40;

/** Names a view: a new one of the list as it stands, or one that exists. */
export function ViewNameSheet({
  view,
  views,
  onSaved,
  onClose,
}: {
  /** Null for a new one. */
  view: SavedView | null;
  views: Views;
  onSaved: (newId: string | null) => void;
  onClose: () => void;
}) {
  const { common, paymentList } = useTexts();
  const words = paymentList.views;
  const toast = useToast();
  const mayShare = useMay("view:share");
  const [name, setName] = useState(view?.name ?? "");
  const [isShared, setShared] = useState(false);
  const [missing, setMissing] = useState(false);
  const request = view ? views.change : views.save;
  const close = () => {
    request.reset();
    onClose();
  };
  const submit = () => {
    const wanted = name.trim();
    setMissing(wanted === "");
    if (!wanted) return;
    const done = (id: string | null) => {
      toast(words.saved(wanted));
      onSaved(id);
    };
    if (view) views.change.mutate({ id: view.id, name: wanted }, { onSuccess: () => done(null) });
    else
      views.save.mutate(
        { listName: "payments", name: wanted, isShared, content: views.content },
        { onSuccess: done },
      );
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && close()}
      title={view ? words.rename : words.save}
      footer={
        <>
          <Button size="large" onClick={close}>
            {common.close}
          </Button>
          <Button look="primary" size="large" className="ml-auto" busy={request.isPending} onClick={submit}>
            {view ? words.rename : words.save}
          </Button>
        </>
      }
    >
      <Field
        label={words.nameLabel}
        hint={words.nameHint(nameMax)}
        error={missing ? words.nameMissing : undefined}
      >
        <Input
          value={name}
          maxLength={nameMax}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && submit()}
        />
      </Field>
      {view ? null : (
        <>
          {mayShare ? (
            <div>
              <Checkbox
                label={words.share}
                checked={isShared}
                onChange={(event) => setShared(event.target.checked)}
              />
              <p className="text-ink-3 text-meta">{words.shareHint}</p>
            </div>
          ) : null}
          <p className="text-ink-3">{words.saveHint}</p>
        </>
      )}
      {request.error ? <QueryError compact error={request.error} title={words.failed} /> : null}
    </Sheet>
  );
}
