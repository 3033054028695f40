import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireOperator } from "#app/(console)/operator.ts";
import { type GivenParams, paramsOf } from "#app/(console)/search-params.ts";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { readListUrl, searchInputOf, writeListUrl } from "#components/payments/payment-filter-url.ts";
import { PaymentsScreen } from "#components/payments/payments-screen.tsx";
import { runtime } from "#server/platform/runtime.ts";
import { readDefaultView } from "#server/saved-views/read-views.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.payments.title };
}

/** The list of payments. An address that asks for nothing opens the person's default view, before any row is read. */
export default async function PaymentsPage({ searchParams }: { searchParams: Promise<GivenParams> }) {
  const given = await searchParams;
  if (Object.keys(given).length === 0) {
    const { id: operatorId } = await requireOperator();
    const view = await readDefaultView(runtime(), { operatorId, listName: "payments" });
    if (view?.content)
      redirect(
        `/payments${writeListUrl({ filter: view.content.filter, sort: view.content.sort, view: view.id })}`,
      );
  }
  const list = readListUrl(paramsOf(given));
  return (
    <WithAnswers
      ask={(trpc, queryClient) => [
        queryClient.prefetchInfiniteQuery(
          trpc.payment.search.infiniteQueryOptions(searchInputOf(list), {
            getNextPageParam: (page) => page.nextCursor,
          }),
        ),
        queryClient.prefetchQuery(trpc.payment.summary.queryOptions({ filter: list.filter })),
        queryClient.prefetchQuery(trpc.payment.filterOptions.queryOptions()),
        queryClient.prefetchQuery(trpc.savedView.list.queryOptions({ listName: "payments" })),
      ]}
    >
      <LoadAreaTexts areas={["paymentList", "payments", "exports"]}>
        <PaymentsScreen />
      </LoadAreaTexts>
    </WithAnswers>
  );
}
