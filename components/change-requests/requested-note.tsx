"use client";

import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Note } from "#components/ui/note.tsx";

/** That another person was asked, what follows, and the way to the request. */
export function RequestedNote({ requestId, children }: { requestId: string; children: string }) {
  const { cancel } = useTexts().changeRequests;
  return (
    <div role="status">
      <Note>
        <p className="font-semibold">{cancel.done}</p>
        <p>
          {children}{" "}
          <Link href={`/change-requests/${requestId}`} className="underline underline-offset-2">
            {cancel.see}
          </Link>
        </p>
      </Note>
    </div>
  );
}
