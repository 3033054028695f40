import { currentOperator } from "#server/operators/current-operator.ts";
import { runtime } from "#server/platform/runtime.ts";
import { handleConsoleRequest } from "#server/trpc/handle-console-request.ts";

const handle = (request: Request) =>
  handleConsoleRequest(request, runtime(), () => currentOperator(runtime()));

export { handle as GET, handle as POST };
