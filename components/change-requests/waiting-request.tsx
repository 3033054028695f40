"use client";

import { useQuery } from "@tanstack/react-query";
import { Stamp } from "lucide-react";
import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { type ChangeKind, isOpenChange } from "#server/change-requests/change-kinds.values.ts";

const refreshEveryMs = 15_000;

/** The way to a request about something that is not over yet, beside that thing; nothing where there is none, or for who may not read requests. */
export function WaitingRequest({ kind, subjectId }: { kind: ChangeKind; subjectId: string }) {
  const { waitingHere } = useTexts().changeRequests;
  const trpc = useTRPC();
  const maySee = useMay("change-request:read");
  const { data } = useQuery({
    ...trpc.changeRequest.ofSubject.queryOptions({ kind, subjectId }),
    enabled: maySee,
    refetchInterval: refreshEveryMs,
  });
  if (!data || !isOpenChange(data.status)) return null;
  return (
    <Link
      href={`/change-requests/${data.id}`}
      className="inline-flex items-center gap-1 text-link underline underline-offset-2"
    >
      <Stamp aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
      {waitingHere[kind === "CANCEL" ? "cancel" : kind === "KEY_CHANGE" ? "key" : "contract"]}
    </Link>
  );
}
