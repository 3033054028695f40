"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { OperatorRole, Permission } from "#server/operators/permissions.ts";

export type ScreenOperator = Readonly<{
  id: string;
  email: string;
  name: string;
  role: OperatorRole;
  permissions: readonly Permission[];
}>;

const OperatorContext = createContext<ScreenOperator | null>(null);

export function OperatorProvider({ operator, children }: { operator: ScreenOperator; children: ReactNode }) {
  return <OperatorContext value={operator}>{children}</OperatorContext>;
}

/** The person signed in; only below the console's layout. */
export function useOperator(): ScreenOperator {
  const operator = useContext(OperatorContext);
  if (!operator) throw new Error("useOperator is used outside the console's layout");
  return operator;
}

/** True when the person may do it. Hides buttons; the server decides for itself. */
export function useMay(permission: Permission): boolean {
  return useOperator().permissions.includes(permission);
}
