import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "#server/trpc/root.ts";

type Outputs = inferRouterOutputs<AppRouter>;

/** What the server answers to a page, by procedure: the same types, so an answer that it no longer gives fails the type check. */
export type Answers = { readonly [Module in keyof Outputs]?: Partial<Outputs[Module]> };

/** The instant of all pictures: Friday, 14:32:11 in Seoul. */
export const pictureTime = new Date("2026-11-20T05:32:11.000Z");

/** Stands in an answer for whoever looks at the page; every platform gives its operators other ids. */
export const signedInId = "op_SIGNED_IN";

/** So long before the instant of the pictures. */
export const before = (seconds: number) => new Date(pictureTime.getTime() - seconds * 1_000);
