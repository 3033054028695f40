import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { type GivenParams, paramsOf } from "#app/(console)/search-params.ts";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { LatencyScreen } from "#components/reports/latency-screen.tsx";
import { latencyAddress, latencyInputOf } from "#components/reports/latency-url.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.latency.title };
}

/** The figures come with the document: the charts stand as soon as what draws them is there. */
export default async function LatencyPage({ searchParams }: { searchParams: Promise<GivenParams> }) {
  const view = latencyAddress.read(paramsOf(await searchParams));
  return (
    <PermissionGate permission="latency:read">
      <WithAnswers
        ask={(trpc, queryClient) => [
          queryClient.prefetchQuery(trpc.latency.choices.queryOptions()),
          queryClient.prefetchQuery(trpc.latency.read.queryOptions(latencyInputOf(view))),
        ]}
      >
        <LoadAreaTexts areas={["latency", "xView"]}>
          <LatencyScreen />
        </LoadAreaTexts>
      </WithAnswers>
    </PermissionGate>
  );
}
