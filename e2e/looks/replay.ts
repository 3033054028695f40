import type { Page } from "@playwright/test";
import superjson from "superjson";
import { type Answers, signedInId } from "./answers.ts";

const door = "/api/trpc/";

/**
 * Answers every procedure that the page asks with the answer given for it, whatever its input is; the server is not asked.
 * Where an answer names whoever is signed in, it holds the id that `idOfSignedIn` gives. Returns the names of those that had none: a page must not be judged without its data.
 */
export async function replay(
  page: Page,
  idOfSignedIn: () => string,
  ...answers: readonly Answers[]
): Promise<Set<string>> {
  const missing = new Set<string>();
  const answerOf = (name: string): unknown => {
    const [module = "", procedure = ""] = name.split(".");
    const found = answers
      .map((one) => (one as Record<string, Record<string, unknown> | undefined>)[module])
      .findLast((one) => one !== undefined && procedure in one);
    if (!found) missing.add(name);
    return { result: { data: superjson.serialize(found?.[procedure] ?? null) } };
  };
  await page.route(`**${door}**`, (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    const names = decodeURIComponent(pathname.slice(door.length)).split(",");
    const json = searchParams.has("batch") ? names.map(answerOf) : answerOf(names[0] ?? "");
    const body = JSON.stringify(json).replaceAll(signedInId, idOfSignedIn());
    return route.fulfill({ contentType: "application/json", body });
  });
  return missing;
}
