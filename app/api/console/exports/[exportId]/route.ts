import { downloadExport } from "#server/exports/download-export.ts";
import { currentOperator } from "#server/operators/current-operator.ts";
import { runtime } from "#server/platform/runtime.ts";

/** Hands out the file of an export, `?until=…&signature=…` as the console was given it, to whom the link was made for. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ exportId: string }> },
): Promise<Response> {
  const { exportId } = await params;
  return downloadExport(request, exportId, runtime(), () => currentOperator(runtime()));
}
