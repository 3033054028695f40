"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AuditView, emptyView, writeAuditUrl } from "#components/audit/audit-url.ts";
import { actionText, actorText } from "#components/audit/audit-words.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { periodLabel } from "#components/payments/period-label.ts";
import { PeriodEditor } from "#components/payments/range-editors.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { FilterChip } from "#components/ui/filter-chip.tsx";
import { auditOutcomes } from "#server/audit/audit.values.ts";

/** The conditions above the log. */
export function AuditFilters({
  view,
  change,
}: {
  view: AuditView;
  change: (next: Partial<AuditView>) => void;
}) {
  const { audit, common, payments } = useTexts();
  const trpc = useTRPC();
  const choices = useQuery({ ...trpc.audit.choices.queryOptions(), staleTime: 60_000 });
  const actors = (choices.data?.actors ?? []).map(({ id, type, name }) => {
    const text = actorText({ actorId: id, actorType: type, actorName: name }, audit);
    return { value: id, label: text, text };
  });
  const actions = (choices.data?.actions ?? []).map((action) => ({
    value: action,
    label: actionText(action, audit),
    text: `${actionText(action, audit)} ${action}`,
  }));
  const said = (values: readonly string[], nameOf: (value: string) => string) =>
    values[0] ? audit.some(nameOf(values[0]), values.length - 1) : undefined;
  return (
    <section
      aria-label={audit.filters}
      className="flex shrink-0 gap-2 overflow-x-auto px-6 pt-1 pb-2 [scrollbar-width:none] max-wide:px-4"
    >
      <FilterChip
        name={audit.period}
        value={view.date ? periodLabel(view.date, payments.filter) : undefined}
        onClear={() => change({ date: "" })}
      >
        {(close) => (
          <PeriodEditor
            value={view.date}
            onApply={(date) => {
              close();
              change({ date });
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name={audit.actor}
        value={said(view.actor, (id) => actors.find(({ value }) => value === id)?.text ?? id)}
        onClear={() => change({ actor: [] })}
      >
        {(close) => (
          <MultiChoice
            legend={audit.actor}
            options={actors}
            find={{ label: audit.findActor, none: audit.noActor }}
            chosen={view.actor}
            onApply={(actor) => {
              close();
              change({ actor });
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name={audit.action}
        value={said(view.action, (action) => actionText(action, audit))}
        onClear={() => change({ action: [] })}
      >
        {(close) => (
          <MultiChoice
            legend={audit.action}
            options={actions}
            find={{ label: audit.findAction, none: audit.noAction }}
            chosen={view.action}
            onApply={(action) => {
              close();
              change({ action });
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name={audit.outcome}
        value={said(
          view.outcome,
          (outcome) => (common.status.outcome as Record<string, string>)[outcome] ?? outcome,
        )}
        onClear={() => change({ outcome: [] })}
      >
        {(close) => (
          <MultiChoice
            legend={audit.outcome}
            options={auditOutcomes.map((outcome) => ({
              value: outcome,
              label: common.status.outcome[outcome],
            }))}
            chosen={view.outcome}
            onApply={(outcome) => {
              close();
              change({ outcome });
            }}
          />
        )}
      </FilterChip>
      <FilterChip name={audit.target} value={view.target || undefined} onClear={() => change({ target: "" })}>
        {(close) => (
          <TextEditor
            label={audit.targetLabel}
            hint={audit.targetHint}
            value={view.target}
            onApply={(target) => {
              close();
              change({ target });
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name={audit.contains}
        value={view.contains || undefined}
        onClear={() => change({ contains: "" })}
      >
        {(close) => (
          <TextEditor
            label={audit.containsLabel}
            hint={audit.containsHint}
            value={view.contains}
            onApply={(contains) => {
              close();
              change({ contains });
            }}
          />
        )}
      </FilterChip>
      {writeAuditUrl(view) ? (
        <Button look="ghost" onClick={() => change(emptyView)}>
          {common.clearAll}
        </Button>
      ) : null}
    </section>
  );
}

function TextEditor({
  label,
  hint,
  value,
  onApply,
}: {
  label: string;
  hint: string;
  value: string;
  onApply: (text: string) => void;
}) {
  const { common } = useTexts();
  const [text, setText] = useState(value);
  return (
    <form
      className="flex w-72 max-w-full flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text.trim());
      }}
    >
      <Field label={label}>
        <Input
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <p className="text-ink-3 text-meta">{hint}</p>
      <Button look="primary" size="small" type="submit" className="self-end">
        {common.apply}
      </Button>
    </form>
  );
}
