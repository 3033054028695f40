"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, ShieldX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import type { AddressVerdict } from "#server/malls/test-address.ts";

/** Would a request from this address be let in, and by which line? A change of the list asks again by itself. */
export function AddressTest({ mallId }: { mallId: string }) {
  const { malls } = useTexts();
  const words = malls.addresses.test;
  const trpc = useTRPC();
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  const query = useQuery(
    trpc.mall.testAddress.queryOptions(
      { mallId, address: asked },
      { enabled: asked !== "", staleTime: 0, gcTime: 0 },
    ),
  );
  const verdict = asked === "" ? undefined : query.data;
  return (
    <form
      aria-label={words.title}
      className="mt-4 rounded-panel border border-line px-3.5 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === asked) void query.refetch();
        else setAsked(typed.trim());
      }}
    >
      <h2 className="pb-2 font-bold text-section">{words.title}</h2>
      <div className="flex flex-wrap items-end gap-2">
        <Field
          label={words.label}
          className="w-80 max-wide:w-full"
          error={verdict?.kind === "not_an_address" ? words.notAnAddress : undefined}
        >
          <Input
            maxLength={50}
            autoComplete="off"
            placeholder={words.placeholder}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Button
          type="submit"
          busy={query.isFetching}
          className={verdict?.kind === "not_an_address" ? "mb-6 h-9" : "h-9"}
        >
          {words.submit}
        </Button>
      </div>
      <div role="status" className="pt-1">
        {verdict ? <Verdict verdict={verdict} /> : null}
      </div>
      {query.isError && asked !== "" ? <QueryError error={query.error} title={words.error} compact /> : null}
    </form>
  );
}

function Verdict({ verdict }: { verdict: AddressVerdict }) {
  const { test: words } = useTexts().malls.addresses;
  switch (verdict.kind) {
    case "let_in":
      return (
        <Line isLetIn title={words.letIn(verdict.address)}>
          {words.byLine(verdict.line, verdict.cidr, verdict.note)}
        </Line>
      );
    case "no_list":
      return (
        <Line isLetIn title={words.noList(verdict.address)}>
          {words.noListBody}
        </Line>
      );
    case "refused":
      return (
        <Line isLetIn={false} title={words.refused(verdict.address)}>
          {words.refusedBody}
        </Line>
      );
    default:
      return null;
  }
}

function Line({ isLetIn, title, children }: { isLetIn: boolean; title: string; children: ReactNode }) {
  const Icon = isLetIn ? CircleCheck : ShieldX;
  return (
    <p className="flex gap-2 pt-1">
      <Icon
        aria-hidden
        className={isLetIn ? "mt-0.5 size-4 shrink-0 text-ok" : "mt-0.5 size-4 shrink-0 text-bad"}
        strokeWidth={1.75}
      />
      <span className="min-w-0">
        <b className="font-semibold">{title}</b> <span className="text-ink-2">{children}</span>
      </span>
    </p>
  );
}
