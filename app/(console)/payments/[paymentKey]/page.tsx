import type { Metadata } from "next";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { PaymentScreen } from "#components/payments/payment-screen.tsx";

type Props = { params: Promise<{ paymentKey: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { payments } = (await readTexts()).texts;
  return { title: payments.page.title((await params).paymentKey.slice(0, 12)) };
}

export default async function PaymentPage({ params }: Props) {
  return (
    <LoadAreaTexts areas={["audit", "changeRequests", "deadLetters", "payments", "webhooks"]}>
      <PaymentScreen paymentKey={decodeURIComponent((await params).paymentKey)} />
    </LoadAreaTexts>
  );
}
