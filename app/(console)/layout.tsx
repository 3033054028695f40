import { headers } from "next/headers";
import type { ReactNode } from "react";
import { requireOperator } from "#app/(console)/operator.ts";
import { readThemeChoice } from "#components/i18n/read-texts.ts";
import { ConsoleShell } from "#components/layout/console-shell.tsx";
import { DensityProvider } from "#components/layout/density-provider.tsx";
import { OperatorProvider } from "#components/layout/operator-provider.tsx";
import { readDensityChoice, readSidebarChoice } from "#components/layout/read-frame-choices.ts";
import { TrpcProvider } from "#components/layout/trpc-provider.tsx";
import { ToastProvider } from "#components/ui/toast.tsx";
import { permissionsOf } from "#server/operators/permissions.ts";
import { readSessionAtPage, readSessionTimes } from "#server/operators/sessions.ts";
import { runtime } from "#server/platform/runtime.ts";

/** Every console page: a session is required, and what the person may do is known below. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { id, email, name, role, sessionId } = await requireOperator();
  // A page that is opened is a sign of its person; what the router fetches or prefetches is none.
  const isOpened = (await headers()).get("sec-fetch-dest") === "document";
  const times = await (isOpened ? readSessionAtPage : readSessionTimes)(runtime(), sessionId);
  return (
    <OperatorProvider operator={{ id, email, name, role, permissions: permissionsOf(role) }}>
      <TrpcProvider>
        <ToastProvider>
          <DensityProvider given={await readDensityChoice()}>
            <ConsoleShell
              demo={runtime().env.PAYDECK_DEMO}
              theme={await readThemeChoice()}
              sidebar={await readSidebarChoice()}
              // One that ends at this moment is noticed by the first question.
              session={times ?? { idleLeftMs: 0, lifeLeftMs: 0 }}
            >
              {children}
            </ConsoleShell>
          </DensityProvider>
        </ToastProvider>
      </TrpcProvider>
    </OperatorProvider>
  );
}
