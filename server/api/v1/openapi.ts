import { z } from "zod";
import { type MallRoute, mallRoute } from "#server/api/mall-route.ts";
import { buildDocument } from "#server/openapi/build-document.ts";
import { noInputSchema } from "#server/webhooks/webhook.schemas.ts";

/** The route of the API document. It is part of the table it documents, so it asks for the table when it is asked. */
export function openApiRoute(allRoutes: () => readonly MallRoute[]) {
  let document: string | undefined;
  return mallRoute({
    method: "GET",
    path: "/openapi.json",
    auth: "none",
    movesMoney: false,
    summary: "API 문서",
    input: noInputSchema,
    output: z.looseObject({ openapi: z.literal("3.1.1") }),
    refusals: ["INVALID_REQUEST"],
    async handle() {
      document ??= JSON.stringify(buildDocument(allRoutes()));
      return { status: 200, body: document };
    },
  });
}
