import { bulkRunSchema } from "#server/bulk/bulk-cancel.schemas.ts";
import { writeResultFile } from "#server/bulk/write-result-file.ts";
import { Refusal, refusals } from "#server/core/refusals.ts";
import { currentOperator } from "#server/operators/current-operator.ts";
import { mayDo } from "#server/operators/permissions.ts";
import { runtime } from "#server/platform/runtime.ts";

/** The result file of a bulk cancel, `?language=ko|en`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ runId: string }> },
): Promise<Response> {
  const operator = await currentOperator(runtime());
  if (!operator) return refuse("FORBIDDEN_SCOPE", 401);
  if (!mayDo(operator.role, "payment:read")) return refuse("FORBIDDEN_SCOPE");
  const parsed = bulkRunSchema.safeParse(await params);
  if (!parsed.success) return refuse("NOT_FOUND");
  const { runId } = parsed.data;
  const language = new URL(request.url).searchParams.get("language") === "en" ? "en" : "ko";
  try {
    return new Response(await writeResultFile(runtime(), { runId, language }), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${runId}.csv"`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
  } catch (error) {
    if (error instanceof Refusal) return refuse("NOT_FOUND");
    throw error;
  }
}

function refuse(code: "FORBIDDEN_SCOPE" | "NOT_FOUND", status?: number): Response {
  return Response.json(
    { error: { code, message: refusals[code].en } },
    { status: status ?? refusals[code].status, headers: { "cache-control": "no-store" } },
  );
}
