"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleMinus, CircleX, Hourglass, KeyRound, type LucideIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { WaitingRequest } from "#components/change-requests/waiting-request.tsx";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { PanelHead, PanelLoad, panelTable } from "#components/malls/panel-parts.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime, TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { type Level, type Tone, ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { KeyLine, KeyState } from "#server/malls/mall-queries.ts";

const IssueKeySheet = dynamic(
  () => import("#components/malls/key-sheets.tsx").then((module) => module.IssueKeySheet),
  { ssr: false },
);
const RotateKeySheet = dynamic(
  () => import("#components/malls/key-sheets.tsx").then((module) => module.RotateKeySheet),
  { ssr: false },
);
const RevokeKeySheet = dynamic(
  () => import("#components/malls/key-sheets.tsx").then((module) => module.RevokeKeySheet),
  { ssr: false },
);

const looks: Readonly<Record<KeyState, { level: Level; tone: Tone; icon: LucideIcon }>> = {
  WORKING: { level: "plain", tone: "ok", icon: CircleCheck },
  ENDING: { level: "tint", tone: "warn", icon: Hourglass },
  ENDED: { level: "plain", tone: "mute", icon: CircleMinus },
  REVOKED: { level: "plain", tone: "mute", icon: CircleX },
};

type Wish = Readonly<{ action: "issue" } | { action: "rotate" | "revoke"; key: KeyLine }>;

/** Last uses come in by themselves. */
const liveEveryMs = 5_000;

/** The secret keys of a mall: which work, since when, when and from where they were last used. */
export function KeysPanel({ mallId }: { mallId: string }) {
  const { malls } = useTexts();
  const words = malls.keys;
  const trpc = useTRPC();
  const mayManage = useMay("mall:manage");
  const narrow = useNarrow();
  const query = useQuery({
    ...trpc.mall.keys.queryOptions({ mallId }, { staleTime: 0 }),
    refetchInterval: liveEveryMs,
  });
  const [wish, setWish] = useState<Wish | null>(null);
  const { columns } = words;
  const working = query.data?.filter(isWorking) ?? [];
  const close = () => setWish(null);
  return (
    <PanelLoad query={query} columns={6}>
      {(keys) => (
        <>
          <PanelHead
            action={
              mayManage ? (
                <Button onClick={() => setWish({ action: "issue" })}>{words.issue}</Button>
              ) : undefined
            }
          >
            {words.hashed} <WaitingRequest kind="KEY_CHANGE" subjectId={mallId} />
          </PanelHead>
          {keys.length === 0 ? (
            <EmptyState icon={KeyRound} title={words.empty}>
              {words.emptyBody}
            </EmptyState>
          ) : narrow ? (
            <ul aria-label={words.caption} className={panelTable}>
              {keys.map((key) => (
                <li key={key.id} className="grid gap-1 border-line border-b px-6 py-2.5 max-wide:px-4">
                  <span className="flex items-center gap-2">
                    <b className="min-w-0 flex-1 truncate font-semibold">{key.name}</b>
                    <KeyStateBadge apiKey={key} />
                  </span>
                  <span className="text-ink-3">
                    <span className="font-mono text-meta">
                      {key.prefix}_…{key.lastFour}
                    </span>
                    {" · "}
                    {key.lastUsedAt ? (
                      <>
                        {columns.lastUsed} <DateTime at={key.lastUsedAt} />
                      </>
                    ) : (
                      malls.never
                    )}
                    {key.lastUsedFrom ? ` · ${key.lastUsedFrom}` : ""}
                  </span>
                  {mayManage ? <KeyActions apiKey={key} onWish={setWish} /> : null}
                </li>
              ))}
            </ul>
          ) : (
            <Table caption={words.caption} wrapperClassName={panelTable}>
              <TableHead>
                <HeaderCell>{columns.state}</HeaderCell>
                <HeaderCell className="w-full">{columns.name}</HeaderCell>
                <HeaderCell>{columns.key}</HeaderCell>
                <HeaderCell>{columns.lastUsed}</HeaderCell>
                <HeaderCell>{columns.from}</HeaderCell>
                <HeaderCell>{columns.created}</HeaderCell>
                {mayManage ? (
                  <HeaderCell>
                    <span className="sr-only">{columns.action}</span>
                  </HeaderCell>
                ) : null}
              </TableHead>
              <tbody>
                {keys.map((key) => {
                  const works = isWorking(key);
                  return (
                    <TableRow key={key.id} className={classes(!works && "text-ink-3")}>
                      <Cell>
                        <KeyStateBadge apiKey={key} />
                      </Cell>
                      <Cell
                        describing
                        className={classes("min-w-40", works && "font-semibold")}
                        title={key.name}
                      >
                        {key.name}
                      </Cell>
                      <Cell className="font-mono text-meta">
                        {key.prefix}_…{key.lastFour}
                      </Cell>
                      <Cell>
                        {key.lastUsedAt ? (
                          <DateTime at={key.lastUsedAt} />
                        ) : (
                          <span className="text-ink-3">{malls.never}</span>
                        )}
                      </Cell>
                      <Cell>{key.lastUsedFrom ?? ""}</Cell>
                      <Cell>
                        <DateTime at={key.createdAt} /> {key.createdByName ?? ""}
                      </Cell>
                      {mayManage ? (
                        <Cell numeric>
                          <KeyActions apiKey={key} onWish={setWish} />
                        </Cell>
                      ) : null}
                    </TableRow>
                  );
                })}
              </tbody>
            </Table>
          )}
          {wish?.action === "issue" ? <IssueKeySheet mallId={mallId} onClose={close} /> : null}
          {wish?.action === "rotate" ? (
            <RotateKeySheet mallId={mallId} apiKey={wish.key} onClose={close} />
          ) : null}
          {wish?.action === "revoke" ? (
            <RevokeKeySheet mallId={mallId} apiKey={wish.key} isLast={working.length === 1} onClose={close} />
          ) : null}
        </>
      )}
    </PanelLoad>
  );
}

function isWorking({ state }: KeyLine): boolean {
  return state === "WORKING" || state === "ENDING";
}

function KeyStateBadge({ apiKey }: { apiKey: KeyLine }) {
  const { keys: words } = useTexts().malls;
  const { state, expiresAt } = apiKey;
  return (
    <ToneBadge
      {...looks[state]}
      label={words.states[state]}
      {...(state === "ENDING" &&
        expiresAt && {
          note: (
            <TimeInText at={expiresAt} format={(at) => formatSeoulTime(at).slice(5, 16)} say={words.until} />
          ),
        })}
    />
  );
}

function KeyActions({ apiKey, onWish }: { apiKey: KeyLine; onWish: (wish: Wish) => void }) {
  const { keys: words } = useTexts().malls;
  if (!isWorking(apiKey)) return null;
  return (
    <span className="inline-flex gap-1.5">
      {apiKey.state === "WORKING" ? (
        <Button
          size="small"
          aria-label={words.rotateOf(apiKey.name)}
          onClick={() => onWish({ action: "rotate", key: apiKey })}
        >
          {words.rotate}
        </Button>
      ) : null}
      <Button
        size="small"
        look="danger"
        aria-label={words.revokeOf(apiKey.name)}
        onClick={() => onWish({ action: "revoke", key: apiKey })}
      >
        {words.revoke}
      </Button>
    </span>
  );
}
