import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { type GivenParams, paramsOf } from "#app/(console)/search-params.ts";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { pickedPageSize, pickInputOf } from "#components/x-view/pick-input.ts";
import { XViewScreen } from "#components/x-view/x-view-screen.tsx";
import { readXViewUrl } from "#components/x-view/x-view-url.ts";
import { runtime } from "#server/platform/runtime.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.xView.title };
}

/** The plot asks for its points by itself; the list beside it comes with the document. */
export default async function XViewPage({ searchParams }: { searchParams: Promise<GivenParams> }) {
  const view = readXViewUrl(paramsOf(await searchParams));
  const nowMs = runtime().now().getTime();
  const span = view.zoom ?? { fromMs: nowMs - view.minutes * 60_000, toMs: nowMs };
  return (
    <PermissionGate permission="latency:read">
      <WithAnswers
        ask={(trpc, queryClient) => [
          queryClient.prefetchQuery(trpc.latency.choices.queryOptions()),
          queryClient.prefetchInfiniteQuery(
            trpc.xView.picked.infiniteQueryOptions(
              {
                ...pickInputOf(view, view.box ?? { ...span, minMs: 0, maxMs: null }),
                limit: pickedPageSize,
              },
              { getNextPageParam: (page) => page.nextCursor },
            ),
          ),
        ]}
      >
        <LoadAreaTexts areas={["xView"]}>
          <XViewScreen initialSpan={span} />
        </LoadAreaTexts>
      </WithAnswers>
    </PermissionGate>
  );
}
