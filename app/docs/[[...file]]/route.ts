import { docsResponse } from "#server/openapi/docs-page.ts";

/** The API document as a page. It is public and carries its own content policy, so `proxy.ts` leaves it alone. */
export const GET = async (_request: Request, { params }: { params: Promise<{ file?: string[] }> }) =>
  docsResponse((await params).file ?? []);
