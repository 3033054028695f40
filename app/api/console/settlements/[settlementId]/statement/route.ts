import { currentOperator } from "#server/operators/current-operator.ts";
import { runtime } from "#server/platform/runtime.ts";
import { downloadStatement } from "#server/settlement/download-statement.ts";

/** The statement 정산내역서 of a settlement as a PDF, `?language=ko|en`. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ settlementId: string }> },
): Promise<Response> {
  const { settlementId } = await params;
  return downloadStatement(request, settlementId, runtime(), () => currentOperator(runtime()));
}
