import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { type GivenParams, paramsOf } from "#app/(console)/search-params.ts";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { deadLetterAddress } from "#components/dead-letters/dead-letter-url.ts";
import { DeadLettersScreen } from "#components/dead-letters/dead-letters-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.deadLetters.title };
}

/** What stands above the list comes with the document, so that the list has its place from the first. */
export default async function DeadLettersPage({ searchParams }: { searchParams: Promise<GivenParams> }) {
  const filter = deadLetterAddress.read(paramsOf(await searchParams));
  return (
    <PermissionGate permission="dead-letter:read">
      <WithAnswers
        ask={(trpc, queryClient) => [queryClient.prefetchQuery(trpc.deadLetter.summary.queryOptions(filter))]}
      >
        <LoadAreaTexts areas={["changeRequests", "deadLetters"]}>
          <DeadLettersScreen />
        </LoadAreaTexts>
      </WithAnswers>
    </PermissionGate>
  );
}
