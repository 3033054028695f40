"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { ReasonSheet } from "#components/layout/reason-sheet.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { SessionList } from "#components/people/session-list.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { Field, Select } from "#components/ui/field.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { personReasonMax } from "#server/operators/people.values.ts";
import type { Person } from "#server/operators/people-queries.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";

/** One person from the side of the list: role, account, sessions. An administrator changes them, never their own. */
export default function PersonDrawer({ person, onClose }: { person: Person; onClose: () => void }) {
  const { people } = useTexts();
  const words = people.drawer;
  const mayManage = useMay("people:manage");
  const mayAudit = useMay("audit:read");
  const isSelf = useOperator().id === person.id;
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={person.name}
      footer={
        mayAudit ? (
          <Link href={`/audit?actor=${person.id}`} className={buttonClasses()}>
            {words.audit}
          </Link>
        ) : undefined
      }
    >
      <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name={words.email}>{person.email}</Fact>
        <Fact name={words.since}>
          <DateTime at={person.createdAt} format="full" />
        </Fact>
        <Fact name={words.lastSignIn}>
          {person.lastSignedInAt ? <DateTime at={person.lastSignedInAt} format="full" /> : people.never}
        </Fact>
      </dl>
      {mayManage ? isSelf ? <Note>{words.own}</Note> : <Manage person={person} /> : null}
      <Sessions person={person} mayEnd={mayManage && !isSelf} />
    </Drawer>
  );
}

function Manage({ person }: { person: Person }) {
  const { people, common } = useTexts();
  const words = people.drawer;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [role, setRole] = useState<OperatorRole>(person.role);
  const [asked, setAsked] = useState<"role" | "disable" | null>(null);
  const options = (done: string) => ({
    onSuccess: () => {
      toast(done);
      setAsked(null);
    },
    onSettled: () => queryClient.invalidateQueries(trpc.operator.pathFilter()),
  });
  const changing = useMutation(
    trpc.operator.changeRole.mutationOptions(options(words.roleChanged(person.name))),
  );
  const disabling = useMutation(
    trpc.operator.disable.mutationOptions(options(words.disabledDone(person.name))),
  );
  const enabling = useMutation(trpc.operator.enable.mutationOptions(options(words.enabledDone(person.name))));
  const ask = (what: "role" | "disable") => {
    changing.reset();
    disabling.reset();
    setAsked(what);
  };
  const reason = {
    label: words.reason,
    hint: words.reasonHint,
    missing: words.reasonMissing,
    lengthMax: personReasonMax,
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-end gap-2">
        <Field label={words.role} hint={words.roleHint} className="flex-1">
          <Select value={role} onChange={(event) => setRole(event.target.value as OperatorRole)}>
            {(Object.keys(common.role) as OperatorRole[]).map((one) => (
              <option key={one} value={one}>
                {common.role[one]}
              </option>
            ))}
          </Select>
        </Field>
        <Button className="h-9 max-wide:h-11" disabled={role === person.role} onClick={() => ask("role")}>
          {words.changeRole}
        </Button>
      </div>
      {person.disabledAt ? (
        <Button
          className="self-start"
          busy={enabling.isPending}
          onClick={() => enabling.mutate({ operatorId: person.id })}
        >
          {words.enable}
        </Button>
      ) : (
        <Button look="danger" className="self-start" onClick={() => ask("disable")}>
          {words.disable}
        </Button>
      )}
      {enabling.isError ? <QueryError error={enabling.error} title={words.failed} compact /> : null}
      {asked === "role" ? (
        <ReasonSheet
          title={words.roleTitle}
          submit={words.roleSure(common.role[role])}
          reason={{ ...reason, placeholder: words.rolePlaceholder }}
          sending={changing}
          errorTitle={words.failed}
          onSend={(why) => changing.mutate({ operatorId: person.id, role, reason: why })}
          onClose={() => setAsked(null)}
        >
          <p className="rounded-panel bg-sunken px-3 py-2 font-semibold">
            {words.roleChange(person.name, common.role[person.role], common.role[role])}
          </p>
          <Note {...(role === "ADMIN" && { tone: "warn" })}>{people.inviteSheet.roles[role]}</Note>
          <p className="text-ink-2">{words.roleHint}</p>
        </ReasonSheet>
      ) : null}
      {asked === "disable" ? (
        <ReasonSheet
          title={words.disable}
          submit={words.disableSure(person.name)}
          danger
          reason={{ ...reason, placeholder: words.disablePlaceholder }}
          sending={disabling}
          errorTitle={words.failed}
          onSend={(why) => disabling.mutate({ operatorId: person.id, reason: why })}
          onClose={() => setAsked(null)}
        >
          <Note tone="warn">{words.disableLead}</Note>
        </ReasonSheet>
      ) : null}
    </div>
  );
}

function Sessions({ person, mayEnd }: { person: Person; mayEnd: boolean }) {
  const { people } = useTexts();
  const words = people.sessions;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const query = useQuery(
    trpc.operator.sessions.queryOptions({ operatorId: person.id }, { staleTime: 0, refetchInterval: 15_000 }),
  );
  const ending = useMutation(
    trpc.operator.endSession.mutationOptions({
      onSuccess: () => toast(words.ended),
      onSettled: () => queryClient.invalidateQueries(trpc.operator.pathFilter()),
    }),
  );
  return (
    <section>
      <SectionTitle>{people.drawer.sessions}</SectionTitle>
      {ending.isError ? <QueryError error={ending.error} title={words.failed} compact /> : null}
      {query.data ? (
        <SessionList
          sessions={query.data}
          endingId={ending.isPending ? ending.variables.sessionId : null}
          {...(mayEnd && { onEnd: (sessionId: string) => ending.mutate({ sessionId }) })}
        />
      ) : query.isError ? (
        <QueryError
          error={query.error}
          title={words.loadFailed}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      ) : (
        <Skeleton className="h-12 w-full" />
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-all">{children}</dd>
    </>
  );
}
