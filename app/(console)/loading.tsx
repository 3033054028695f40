"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const lines = ["w-1/2", "w-2/3", "w-3/5", "w-3/4", "w-1/2", "w-2/3"] as const;

/** The shape of a page while the server prepares it. */
export default function Loading() {
  const { navigation } = useTexts();
  return (
    <div className="px-6 pt-5 max-wide:px-4">
      <span role="status" className="sr-only">
        {navigation.loading}
      </span>
      <Skeleton className="h-5 w-40" />
      <div className="mt-8 flex flex-col gap-6">
        {lines.map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
          <Skeleton key={index} className={width} />
        ))}
      </div>
    </div>
  );
}
