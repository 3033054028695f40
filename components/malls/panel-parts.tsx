"use client";

import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";

/** What a tab says above its table: how things work at the left, the one action at the right. */
export function PanelHead({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2">
      <p className="min-w-0 flex-1 basis-64 text-ink-3">{children}</p>
      {action}
    </div>
  );
}

/** A tab's rows once they were read, in the place of a skeleton or an error. */
export function PanelLoad<Data>({
  query,
  columns,
  children,
}: {
  query: {
    data: Data | undefined;
    error: unknown;
    isError: boolean;
    isFetching: boolean;
    refetch: () => unknown;
  };
  columns: number;
  children: (data: Data) => ReactNode;
}) {
  const { page } = useTexts().malls;
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <div className="py-4">
        <QueryError
          error={query.error}
          title={page.panelError}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      </div>
    );
  }
  return (
    // Below the place of what the tab says above its table.
    <div className="pt-12">
      <table className="-mx-6 w-[calc(100%+48px)] max-wide:-mx-4 max-wide:w-[calc(100%+32px)]">
        <tbody>
          <SkeletonRows rows={4} columns={columns} />
        </tbody>
      </table>
    </div>
  );
}

/** A table whose edges align with the tabs above. */
export const panelTable = "-mx-6 border-line border-t max-wide:-mx-4";
