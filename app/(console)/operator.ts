import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { currentOperator } from "#server/operators/current-operator.ts";
import type { SignedInOperator } from "#server/operators/permissions.ts";
import { runtime } from "#server/platform/runtime.ts";

const askOnce = cache(() => currentOperator(runtime()));

/** The person asking for a console page; without a session they are sent to sign in and back here afterwards. */
export async function requireOperator(): Promise<SignedInOperator> {
  const operator = await askOnce();
  if (operator) return operator;
  const path = (await headers()).get("x-paydeck-path") ?? "/";
  redirect(path === "/" ? "/sign-in" : `/sign-in?from=${encodeURIComponent(path)}`);
}
