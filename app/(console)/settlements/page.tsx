import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { type GivenParams, paramsOf } from "#app/(console)/search-params.ts";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { newestBatchInput } from "#components/settlements/newest-batch-input.ts";
import { filterOf, settlementAddress } from "#components/settlements/settlement-url.ts";
import { SettlementsScreen } from "#components/settlements/settlements-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.settlements.title };
}

/** What stands above the list comes with the document, so that the list has its place from the first. */
export default async function SettlementsPage({ searchParams }: { searchParams: Promise<GivenParams> }) {
  const filter = filterOf(settlementAddress.read(paramsOf(await searchParams)));
  return (
    <PermissionGate permission="settlement:read">
      <WithAnswers
        ask={(trpc, queryClient) => [
          queryClient.prefetchQuery(trpc.settlement.summary.queryOptions(filter)),
          queryClient.prefetchQuery(trpc.settlement.anomalies.queryOptions()),
          queryClient.prefetchQuery(trpc.settlement.batches.queryOptions(newestBatchInput)),
        ]}
      >
        <LoadAreaTexts areas={["changeRequests", "settlements", "exports"]}>
          <SettlementsScreen />
        </LoadAreaTexts>
      </WithAnswers>
    </PermissionGate>
  );
}
