"use client";

import { Monitor } from "lucide-react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { describeAgent } from "#components/people/describe-agent.ts";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import type { SessionLine } from "#server/operators/people-queries.ts";

/** The open sessions of a person: where, since when, and a button to end each. */
export function SessionList({
  sessions,
  currentId,
  endingId,
  onEnd,
}: {
  sessions: readonly SessionLine[];
  /** The session of this very browser, which is ended by signing out. */
  currentId?: string | undefined;
  endingId: string | null;
  /** Left out for those who only look. */
  onEnd?: (sessionId: string) => void;
}) {
  const words = useTexts().people.sessions;
  if (sessions.length === 0) return <p className="py-3 text-ink-3">{words.none}</p>;
  return (
    <ul aria-label={words.caption} className="border-line border-t">
      {sessions.map((session) => {
        const agent = describeAgent(session.userAgent) ?? words.unknownAgent;
        const isCurrent = session.id === currentId;
        return (
          <li
            key={session.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-2.5"
          >
            <Monitor aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
            <div className="min-w-0 flex-[1_1_220px]">
              <p>
                <b className="font-semibold">{agent}</b>{" "}
                <span className="text-ink-3">{session.ipAddress ?? words.noAddress}</span>
                {isCurrent ? (
                  <span className="pl-2 font-medium text-meta text-ok">{words.current}</span>
                ) : null}
              </p>
              <p className="text-ink-3 text-meta">
                {words.lastSeen} <DateTime at={session.lastSeenAt} /> · {words.begun}{" "}
                <DateTime at={session.createdAt} /> · {words.until} <DateTime at={session.expiresAt} />
              </p>
            </div>
            {onEnd && !isCurrent ? (
              <Button
                size="small"
                busy={endingId === session.id}
                aria-label={words.endOf(`${agent} ${session.ipAddress ?? ""}`.trim())}
                onClick={() => onEnd(session.id)}
              >
                {words.end}
              </Button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
