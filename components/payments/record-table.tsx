"use client";

import type { ReactNode } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { HeaderCell, Table, TableHead } from "#components/ui/table.tsx";

/** A table of a payment's record: its edges align with the tabs above. */
export function RecordTable({
  caption,
  headers,
  children,
  footer,
}: {
  caption: string;
  headers: readonly (string | { numeric: string })[];
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <Table caption={caption} wrapperClassName="-mx-6 max-wide:-mx-4">
      <TableHead>
        {headers.map((header) =>
          typeof header === "string" ? (
            <HeaderCell key={header}>{header}</HeaderCell>
          ) : (
            <HeaderCell key={header.numeric} numeric>
              {header.numeric}
            </HeaderCell>
          ),
        )}
      </TableHead>
      <tbody>{children}</tbody>
      {footer}
    </Table>
  );
}

/** Rows that are read when their tab opens; again each time the panel is given a new key. */
export function Loaded<Row>({
  query,
  columns,
  empty,
  children,
}: {
  query: {
    data: readonly Row[] | undefined;
    error: unknown;
    isError: boolean;
    isFetching: boolean;
    refetch: () => unknown;
  };
  columns: number;
  empty: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}) {
  const { page } = useTexts().payments;
  if (query.data) return query.data.length === 0 ? empty : children(query.data);
  if (query.isError) {
    return (
      <div className="py-4">
        <QueryError
          error={query.error}
          title={page.loadFailed}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          compact
        />
      </div>
    );
  }
  return (
    <table className="-mx-6 w-[calc(100%+48px)] max-wide:-mx-4 max-wide:w-[calc(100%+32px)]">
      <tbody>
        <SkeletonRows rows={4} columns={columns} />
      </tbody>
    </table>
  );
}
