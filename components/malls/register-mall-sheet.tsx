"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { Field, FieldError, Input } from "#components/ui/field.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { mallNameLengthMax } from "#server/malls/mall.values.ts";

/** `123-45-67890` of what was typed, with dashes or without; null when it is no business number. */
function readBusinessNumber(text: string): string | null {
  const digits = text.replace(/[\s-]/g, "");
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}` : null;
}

function readWeight(text: string): number | null {
  return /^\d{1,3}$/.test(text.trim()) && Number(text) <= 100 ? Number(text) : null;
}

/** Registers a mall and goes to its page, where a key is issued next. */
export function RegisterMallSheet({ onClose }: { onClose: () => void }) {
  const { malls } = useTexts();
  const words = malls.register;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  const nameRef = useRef<HTMLInputElement>(null);
  const numberRef = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const [typedWeights, setTypedWeights] = useState<Readonly<Record<string, string>>>({});
  const [checked, setChecked] = useState(false);
  const vans = useQuery(trpc.mall.vanChoices.queryOptions());
  const sending = useMutation(
    trpc.mall.register.mutationOptions({
      onSuccess: ({ mallId }) => {
        toast(words.done(name.trim()));
        void queryClient.invalidateQueries(trpc.mall.pathFilter());
        router.push(`/malls/${mallId}?tab=keys`);
      },
    }),
  );
  const businessNumber = readBusinessNumber(number);
  // As if nothing were known against any of them: the same part to each.
  const weightOf = (code: string) => typedWeights[code] ?? "50";
  const routes = (vans.data ?? []).map(({ code }) => ({ vanCode: code, weight: readWeight(weightOf(code)) }));
  const routesFit =
    routes.every(({ weight }) => weight !== null) && routes.some(({ weight }) => (weight ?? 0) > 0);
  const send = () => {
    setChecked(true);
    if (name.trim() === "") nameRef.current?.focus();
    else if (businessNumber === null) numberRef.current?.focus();
    else if (routesFit)
      sending.mutate({
        name: name.trim(),
        businessNumber,
        routes: routes.map(({ vanCode, weight }) => ({ vanCode, weight: weight ?? 0 })),
      });
  };
  return (
    <FormSheet
      title={words.title}
      submit={words.submit}
      sending={sending}
      errorTitle={words.error}
      initialFocus={nameRef}
      onSend={send}
      onClose={onClose}
    >
      <Field label={words.name} error={checked && name.trim() === "" ? words.nameMissing : undefined}>
        <Input
          ref={nameRef}
          required
          maxLength={mallNameLengthMax}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field
        label={words.businessNumber}
        hint={words.businessNumberHint}
        error={checked && businessNumber === null ? words.businessNumberWrong : undefined}
      >
        <Input
          ref={numberRef}
          required
          inputMode="numeric"
          maxLength={20}
          autoComplete="off"
          placeholder="123-45-67890"
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onBlur={() => businessNumber && setNumber(businessNumber)}
        />
      </Field>
      <fieldset>
        <legend className="mb-1 flex flex-wrap items-baseline gap-x-1.5">
          <span className="font-semibold">{words.routes}</span>
          <span className="text-ink-3">{words.routesHint}</span>
        </legend>
        <div className="grid gap-2">
          {vans.data ? (
            vans.data.map(({ code, name: vanName }) => (
              <div key={code} className="grid grid-cols-[minmax(0,1fr)_96px] items-center gap-3">
                <span>
                  {code} {vanName === code ? null : <span className="text-ink-3">{vanName}</span>}
                </span>
                <Input
                  aria-label={words.weightOf(code)}
                  inputMode="numeric"
                  maxLength={3}
                  className="text-right"
                  value={weightOf(code)}
                  onChange={(event) => setTypedWeights({ ...typedWeights, [code]: event.target.value })}
                />
              </div>
            ))
          ) : (
            <Skeleton className="h-9 w-full" />
          )}
        </div>
        <FieldError message={checked && vans.data && !routesFit ? words.routesMissing : undefined} />
      </fieldset>
      <Note>{words.next}</Note>
    </FormSheet>
  );
}
