import Link from "next/link";
import { readTexts } from "#components/i18n/read-texts.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

export default async function NotFound() {
  const { errors } = (await readTexts()).texts.common;
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">{errors.notFoundTitle}</h1>
      <EmptyState
        title={errors.notFoundTitle}
        action={
          <Link href="/" className={buttonClasses()}>
            {errors.goHome}
          </Link>
        }
      >
        {errors.notFoundBody}
      </EmptyState>
    </main>
  );
}
