import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { WithAnswers } from "#app/(console)/with-answers.tsx";
import { HomeScreen } from "#components/home/home-screen.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.home.title };
}

/** Where a day begins. */
export default function HomePage() {
  return (
    <PermissionGate permission="payment:read">
      <WithAnswers
        // Not what the sidebar asks as well: it was drawn on the server without an answer, and must come to life so.
        ask={(trpc, queryClient) => [
          queryClient.prefetchQuery(trpc.home.figures.queryOptions()),
          queryClient.prefetchQuery(trpc.home.attention.queryOptions()),
        ]}
      >
        <LoadAreaTexts areas={["home"]}>
          <HomeScreen />
        </LoadAreaTexts>
      </WithAnswers>
    </PermissionGate>
  );
}
