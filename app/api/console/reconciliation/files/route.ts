import { currentOperator } from "#server/operators/current-operator.ts";
import { runtime } from "#server/platform/runtime.ts";
import { uploadFile } from "#server/reconciliation/upload-file.ts";

/** Takes a VAN's daily file or a deposit file, `?van=SBX1&date=2026-11-17&kind=VAN|DEPOSIT`, as its bare bytes. */
export function POST(request: Request): Promise<Response> {
  return uploadFile(request, runtime(), () => currentOperator(runtime()));
}
