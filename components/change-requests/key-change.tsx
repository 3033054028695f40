"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { BeforeAfter } from "#components/change-requests/before-after.tsx";
import { formatSeoulTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Note } from "#components/ui/note.tsx";
import type { ChangePayload } from "#server/change-requests/change-payloads.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

const ShownKey = dynamic(() => import("#components/malls/shown-key.tsx").then((module) => module.ShownKey), {
  ssr: false,
});

const dayMs = 24 * 3_600_000;

/** What approving a change of keys does, before and after; once approved, its maker issues the new key here and sees it once. */
export default function KeyChange({ change }: { change: ChangeDetail }) {
  const { changeRequests } = useTexts();
  const words = changeRequests.keyChange;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const isMaker = useOperator().id === change.makerId;
  const mayManage = useMay("mall:manage");
  const [shown, setShown] = useState<{ secretKey: string; oldKeyExpiresAt: Date | null } | null>(null);
  // What it yields stays in this component alone, never in a cache.
  const claiming = useMutation(
    trpc.mall.claimKey.mutationOptions({
      gcTime: 0,
      onSuccess: ({ secretKey, oldKeyExpiresAt }) => setShown({ secretKey, oldKeyExpiresAt }),
      onSettled: () => queryClient.invalidateQueries(trpc.changeRequest.pathFilter()),
    }),
  );
  // The column is JSON; `requestKeyChange` writes no other shape.
  const { change: wish } = change.payload as unknown as ChangePayload<"KEY_CHANGE">;
  const waits = change.status === "APPROVED" || change.status === "RUNNING";
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview">{words.title}</SectionTitle>
      <div className="flex max-w-140 flex-col gap-3">
        <BeforeAfter
          caption={words.actions[wish.action]}
          rows={[
            {
              name: wish.keyName,
              before: wish.action === "ISSUE" ? words.none : `${wish.shown} · ${words.works}`,
              after: wish.action === "ISSUE" ? words.newKey : words.rotated(wish.overlapHours),
            },
          ]}
        />
        {change.status === "PENDING" ? <Note>{words.noSecret}</Note> : null}
        {waits && change.decidedAt ? (
          <Note>
            <p className="font-semibold">{isMaker ? words.yours : words.theirs}</p>
            <p>
              <TimeInText
                at={new Date(change.decidedAt.getTime() + dayMs)}
                format={formatSeoulTime}
                say={words.until}
              />
            </p>
            {isMaker && change.status === "APPROVED" ? <p>{words.mayWithdraw}</p> : null}
          </Note>
        ) : null}
        {waits && isMaker && mayManage ? (
          <>
            {claiming.isError ? <QueryError compact error={claiming.error} title={words.failed} /> : null}
            <div>
              <Button
                look="primary"
                busy={claiming.isPending}
                onClick={() => claiming.mutate({ requestId: change.id })}
              >
                {wish.action === "ISSUE" ? words.issue : words.rotate}
              </Button>
            </div>
          </>
        ) : null}
      </div>
      {shown ? (
        <ShownKey
          shown={{
            secretKey: shown.secretKey,
            ...(shown.oldKeyExpiresAt && { oldKeyExpiresAt: shown.oldKeyExpiresAt }),
          }}
          onClose={() => setShown(null)}
        />
      ) : null}
    </section>
  );
}
