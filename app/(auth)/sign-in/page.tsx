import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { SignInForm } from "#components/operators/sign-in-form.tsx";
import { currentOperator } from "#server/operators/current-operator.ts";
import { readDemoOperators } from "#server/operators/read-demo-operators.ts";
import { safeReturnPath } from "#server/operators/return-path.ts";
import { runtime } from "#server/platform/runtime.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.signIn.title };
}

type Query = { from?: string | string[]; ended?: string | string[]; error?: string | string[] };

/** Sign-in. A person who is signed in already goes where they wanted to go. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { from, ended } = await searchParams;
  const returnPath = safeReturnPath(from);
  if (await currentOperator(runtime())) redirect(returnPath);
  const demoOperators = await readDemoOperators(runtime());
  return (
    <LoadAreaTexts areas={["signIn"]}>
      <SignInForm returnPath={returnPath} ended={ended === "1"} demoOperators={demoOperators} />
    </LoadAreaTexts>
  );
}
