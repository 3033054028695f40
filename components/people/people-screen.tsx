"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, Clock, Hourglass, UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { Invitation, Person } from "#server/operators/people-queries.ts";

const InviteSheet = dynamic(() => import("#components/people/invite-sheet.tsx"), { ssr: false });
const PersonDrawer = dynamic(() => import("#components/people/person-drawer.tsx"), { ssr: false });

const refreshEveryMs = 15_000;

/** Everybody who may sign in, what each may do, and who has been invited. */
export function PeopleScreen() {
  const { people: words } = useTexts();
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayManage = useMay("people:manage");
  const query = useQuery(trpc.operator.list.queryOptions(undefined, { refetchInterval: refreshEveryMs }));
  const [openId, setOpenId] = useState<string | null>(null);
  const [inviting, setInviting] = useState(false);
  const people = query.data?.people ?? [];
  const opened = people.find(({ id }) => id === openId);
  return (
    <div className="flex flex-1 flex-col">
      <PageHeader
        title={words.title}
        status={query.data ? <span>{words.count(people.length)}</span> : null}
        actions={
          mayManage ? (
            <Button look="primary" onClick={() => setInviting(true)}>
              <UserPlus aria-hidden className="size-4" strokeWidth={1.5} />
              {words.invite}
            </Button>
          ) : null
        }
      />
      {query.isError && !query.data ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={query.error}
            title={words.loadFailed}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : query.data ? (
        <>
          {narrow ? (
            <PeopleCards people={people} onOpen={setOpenId} />
          ) : (
            <PeopleTable people={people} onOpen={setOpenId} />
          )}
          {query.data.isCut ? <p className="px-6 py-2 text-ink-3 max-wide:px-4">{words.cut}</p> : null}
          {query.data.invitations.length > 0 ? <Invitations invitations={query.data.invitations} /> : null}
        </>
      ) : (
        <table className="w-full border-line border-t" aria-label={words.caption}>
          <tbody>
            <SkeletonRows rows={6} columns={6} tall />
          </tbody>
        </table>
      )}
      {opened ? <PersonDrawer person={opened} onClose={() => setOpenId(null)} /> : null}
      {inviting ? <InviteSheet onClose={() => setInviting(false)} /> : null}
    </div>
  );
}

type ListProps = { people: readonly Person[]; onOpen: (id: string) => void };

function PeopleTable({ people, onOpen }: ListProps) {
  const { people: words, common } = useTexts();
  const { columns } = words;
  return (
    <Table caption={words.caption} wrapperClassName="border-line border-t">
      <TableHead>
        <HeaderCell className="w-2/5">{columns.name}</HeaderCell>
        <HeaderCell>{columns.role}</HeaderCell>
        <HeaderCell>{columns.status}</HeaderCell>
        <HeaderCell>{columns.lastSignIn}</HeaderCell>
        <HeaderCell numeric>{columns.sessions}</HeaderCell>
        <HeaderCell>{columns.since}</HeaderCell>
      </TableHead>
      <tbody>
        {people.map((person) => (
          <TableRow key={person.id}>
            <Cell tall describing className="w-2/5" title={`${person.name} ${person.email}`}>
              <Name person={person} onOpen={onOpen} />
            </Cell>
            <Cell>{common.role[person.role]}</Cell>
            <Cell>
              <AccountBadge person={person} />
            </Cell>
            <Cell>
              {person.lastSignedInAt ? (
                <DateTime at={person.lastSignedInAt} />
              ) : (
                <span className="text-ink-3">{words.never}</span>
              )}
            </Cell>
            <Cell numeric className={person.sessions === 0 ? "text-ink-3" : ""}>
              {formatNumber(person.sessions)}
            </Cell>
            <Cell>
              <DateTime at={person.createdAt} />
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The list at 390 px. */
function PeopleCards({ people, onOpen }: ListProps) {
  const { people: words, common } = useTexts();
  return (
    <ul aria-label={words.caption} className="border-line border-t">
      {people.map((person) => (
        <li
          key={person.id}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-line border-b px-4 py-2.5"
        >
          <div className="min-w-0">
            <Name person={person} onOpen={onOpen} />
          </div>
          <div className="text-right">
            <p>{common.role[person.role]}</p>
            <AccountBadge person={person} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Name({ person, onOpen }: { person: Person; onOpen: (id: string) => void }) {
  const { people: words } = useTexts();
  const me = useOperator();
  return (
    <>
      <button
        type="button"
        aria-label={words.open(person.name)}
        onClick={() => onOpen(person.id)}
        className="min-h-6 font-semibold hover:underline"
      >
        {person.name}
      </button>
      {person.id === me.id ? <span className="pl-1.5 text-ink-3 text-meta">{words.you}</span> : null}
      <span className="block truncate text-ink-3">{person.email}</span>
    </>
  );
}

function AccountBadge({ person }: { person: Person }) {
  const { people: words } = useTexts();
  return person.disabledAt ? (
    <ToneBadge level="plain" tone="mute" icon={CircleMinus} label={words.disabled} />
  ) : (
    <ToneBadge level="plain" tone="ok" icon={CircleCheck} label={words.active} />
  );
}

function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  const { people, common } = useTexts();
  const words = people.invitations;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const mayManage = useMay("people:manage");
  const revoking = useMutation(
    trpc.operator.revokeInvitation.mutationOptions({
      onSuccess: () => toast(words.revoked),
      onSettled: () => queryClient.invalidateQueries(trpc.operator.list.queryFilter()),
    }),
  );
  return (
    <section aria-labelledby="invitations" className="pb-8">
      <div className="px-6 max-wide:px-4">
        <SectionTitle id="invitations">{words.title}</SectionTitle>
        {revoking.isError ? <QueryError error={revoking.error} title={words.failed} compact /> : null}
      </div>
      <ul aria-label={words.caption} className="border-line border-t">
        {invitations.map((invitation) => (
          <li
            key={invitation.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-6 py-2 max-wide:px-4"
          >
            <span className="min-w-0 flex-[1_1_240px] truncate font-semibold">{invitation.email}</span>
            <span className="text-ink-2">{common.role[invitation.role]}</span>
            {invitation.isExpired ? (
              <ToneBadge level="plain" tone="mute" icon={Clock} label={words.expired} />
            ) : (
              <ToneBadge level="tint" tone="warn" icon={Hourglass} label={words.waiting} />
            )}
            <span className="text-ink-3">
              {words.expires} <DateTime at={invitation.expiresAt} />
              {invitation.invitedByName ? ` · ${invitation.invitedByName}` : null}
            </span>
            {mayManage ? (
              <Button
                size="small"
                aria-label={words.revokeOf(invitation.email)}
                busy={revoking.isPending && revoking.variables.invitationId === invitation.id}
                onClick={() => revoking.mutate({ invitationId: invitation.id })}
              >
                {words.revoke}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
