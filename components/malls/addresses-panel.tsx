"use client";

import { useQuery } from "@tanstack/react-query";
import { Globe } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { AddressTest } from "#components/malls/address-test.tsx";
import { PanelHead, PanelLoad, panelTable } from "#components/malls/panel-parts.tsx";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";

const EditAddressesSheet = dynamic(
  () => import("#components/malls/edit-addresses-sheet.tsx").then((module) => module.EditAddressesSheet),
  { ssr: false },
);

/** Where a mall may call from, whether an address would be let in, and where it did call from. */
export function AddressesPanel({ mallId }: { mallId: string }) {
  const { malls } = useTexts();
  const words = malls.addresses;
  const trpc = useTRPC();
  const mayManage = useMay("mall:manage");
  const query = useQuery(trpc.mall.addresses.queryOptions({ mallId }, { staleTime: 0 }));
  const [isEditing, setIsEditing] = useState(false);
  return (
    <PanelLoad query={query} columns={3}>
      {({ ranges, callers }) => (
        <>
          <PanelHead
            action={mayManage ? <Button onClick={() => setIsEditing(true)}>{words.edit}</Button> : undefined}
          >
            {words.everywhereBody}
          </PanelHead>
          {ranges.length === 0 ? (
            <div className="border-line border-t">
              <EmptyState icon={Globe} title={words.everywhere} />
            </div>
          ) : (
            <Table caption={words.caption} wrapperClassName={panelTable}>
              <TableHead>
                <HeaderCell numeric className="w-16">
                  {words.columns.line}
                </HeaderCell>
                <HeaderCell>{words.columns.cidr}</HeaderCell>
                <HeaderCell className="w-full">{words.columns.note}</HeaderCell>
              </TableHead>
              <tbody>
                {ranges.map(({ cidr, note }, index) => (
                  <TableRow key={cidr}>
                    <Cell numeric className="text-ink-3">
                      {index + 1}
                    </Cell>
                    <Cell className="font-semibold">{cidr}</Cell>
                    <Cell describing title={note}>
                      {note}
                    </Cell>
                  </TableRow>
                ))}
              </tbody>
            </Table>
          )}
          <AddressTest mallId={mallId} />
          <SectionTitle>{words.callers}</SectionTitle>
          {callers.length === 0 ? (
            <p className="text-ink-3">{words.callersEmpty}</p>
          ) : (
            <Table caption={words.callersCaption} wrapperClassName={panelTable}>
              <TableHead>
                <HeaderCell>{words.callerColumns.address}</HeaderCell>
                <HeaderCell>{words.callerColumns.last}</HeaderCell>
                <HeaderCell className="w-full">{words.callerColumns.first}</HeaderCell>
              </TableHead>
              <tbody>
                {callers.map(({ address, firstCalledAt, lastCalledAt }) => (
                  <TableRow key={address}>
                    <Cell>{address}</Cell>
                    <Cell>
                      <DateTime at={lastCalledAt} />
                    </Cell>
                    <Cell>
                      <DateTime at={firstCalledAt} />
                    </Cell>
                  </TableRow>
                ))}
              </tbody>
            </Table>
          )}
          {isEditing ? (
            <EditAddressesSheet mallId={mallId} ranges={ranges} onClose={() => setIsEditing(false)} />
          ) : null}
        </>
      )}
    </PanelLoad>
  );
}
