import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { requireOperator } from "#app/(console)/operator.ts";
import { readTexts } from "#components/i18n/read-texts.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { mayDo, operatorRoles, type Permission } from "#server/operators/permissions.ts";

/** Shows a page to those who may see it; others are told who may. Procedures refuse by themselves. */
export async function PermissionGate({
  permission,
  children,
}: {
  permission: Permission;
  children: ReactNode;
}) {
  const operator = await requireOperator();
  if (mayDo(operator.role, permission)) return children;
  const { common } = (await readTexts()).texts;
  const roles = operatorRoles.filter((role) => mayDo(role, permission)).map((role) => common.role[role]);
  return (
    <>
      <h1 className="sr-only">{common.errors.forbiddenTitle}</h1>
      <EmptyState icon={Lock} title={common.errors.forbiddenTitle}>
        {common.errors.forbiddenBody(roles.join(", "))}
      </EmptyState>
    </>
  );
}
