"use client";

import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Note } from "#components/ui/note.tsx";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

/** What became of it, once it is decided. */
export function ChangeOutcome({ change }: { change: ChangeDetail }) {
  const { changeRequests, refusals } = useTexts();
  const words = changeRequests.detail;
  const language = useLanguage();
  switch (change.status) {
    case "APPROVED":
    case "RUNNING":
      // A new key waits for its maker; the section of the key says so.
      if (change.kind === "KEY_CHANGE") return null;
      return (
        <div role="status" className="max-w-140">
          <Note>{words.running}</Note>
        </div>
      );
    case "DONE":
      return (
        <p role="status" className="max-w-140 rounded-panel bg-ok-bg px-4 py-3 font-semibold">
          {change.kind === "CANCEL" && change.amountMinor !== null
            ? words.canceled(formatMoney(change.amountMinor, language))
            : change.kind === "WITHHOLD" && change.payload.does === "RELEASE"
              ? words.released
              : (words.doneOf[change.kind] ?? changeRequests.statuses.DONE)}
        </p>
      );
    case "REFUSED":
      return (
        <ErrorBlock title={words.refused} traceId={change.traceId}>
          {(refusals as Readonly<Record<string, string>>)[change.refusalCode ?? ""] ?? change.refusalCode}{" "}
          <code className="text-meta">{change.refusalCode}</code>
        </ErrorBlock>
      );
    case "WITHDRAWN": {
      const last = change.events.at(-1)?.kind;
      if (last !== "MAKER_DISABLED" && last !== "MAKER_DEMOTED" && last !== "OUTDATED") return null;
      return (
        <div className="max-w-140">
          <Note>{words.ended[last]}</Note>
        </div>
      );
    }
    default:
      return null;
  }
}
