import { SearchX } from "lucide-react";
import Link from "next/link";
import { readTexts } from "#components/i18n/read-texts.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** There is no such thing, inside the frame. */
export default async function ConsoleNotFound() {
  const { errors } = (await readTexts()).texts.common;
  return (
    <>
      <h1 className="sr-only">{errors.notFoundTitle}</h1>
      <EmptyState
        icon={SearchX}
        title={errors.notFoundTitle}
        action={
          <Link href="/" className={buttonClasses()}>
            {errors.goHome}
          </Link>
        }
      >
        {errors.notFoundBody}
      </EmptyState>
    </>
  );
}
