import type { Metadata } from "next";
import { readTexts } from "#components/i18n/read-texts.ts";
import { PaymentsScreen } from "#components/payments/payments-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.payments.title };
}

export default function PaymentsPage() {
  return <PaymentsScreen />;
}
