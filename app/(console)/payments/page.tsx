import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireOperator } from "#app/(console)/operator.ts";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { writeListUrl } from "#components/payments/payment-filter-url.ts";
import { PaymentsScreen } from "#components/payments/payments-screen.tsx";
import { runtime } from "#server/platform/runtime.ts";
import { readDefaultView } from "#server/saved-views/read-views.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.payments.title };
}

/** The list of payments. An address that asks for nothing opens the person's default view, before any row is read. */
export default async function PaymentsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  if (Object.keys(await searchParams).length === 0) {
    const { id: operatorId } = await requireOperator();
    const view = await readDefaultView(runtime(), { operatorId, listName: "payments" });
    if (view?.content)
      redirect(
        `/payments${writeListUrl({ filter: view.content.filter, sort: view.content.sort, view: view.id })}`,
      );
  }
  return (
    <LoadAreaTexts areas={["paymentList", "payments"]}>
      <PaymentsScreen />
    </LoadAreaTexts>
  );
}
