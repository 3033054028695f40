import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { type GivenParams, paramsOf } from "#app/(console)/search-params.ts";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { UnresolvedScreen } from "#components/unresolved/unresolved-screen.tsx";
import { unresolvedAddress } from "#components/unresolved/unresolved-url.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.unresolved.title };
}

/** What stands above the list comes with the document, so that the list has its place from the first. */
export default async function UnknownPage({ searchParams }: { searchParams: Promise<GivenParams> }) {
  const filter = unresolvedAddress.read(paramsOf(await searchParams));
  return (
    <PermissionGate permission="payment:read">
      <WithAnswers
        ask={(trpc, queryClient) => [queryClient.prefetchQuery(trpc.unresolved.summary.queryOptions(filter))]}
      >
        <LoadAreaTexts areas={["deadLetters", "payments", "unresolved"]}>
          <UnresolvedScreen />
        </LoadAreaTexts>
      </WithAnswers>
    </PermissionGate>
  );
}
