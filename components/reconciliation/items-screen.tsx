"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { ItemFilters } from "#components/reconciliation/item-filters.tsx";
import { ReconciliationTabs } from "#components/reconciliation/reconciliation-tabs.tsx";
import { itemsAddress } from "#components/reconciliation/reconciliation-url.ts";
import { Worklist } from "#components/reconciliation/worklist.tsx";
import { Button } from "#components/ui/button.tsx";

const UploadSheet = dynamic(
  () => import("#components/reconciliation/upload-sheet.tsx").then((module) => module.UploadSheet),
  { ssr: false },
);

/** The differences of all days, the most urgent first. */
export function ItemsScreen() {
  const { reconciliation } = useTexts();
  const { view, change } = useAddressView(itemsAddress);
  const mayManage = useMay("reconciliation:manage");
  const [isUploading, setUploading] = useState(false);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={reconciliation.items.title}
        actions={
          mayManage ? (
            <Button onClick={() => setUploading(true)}>{reconciliation.upload.open}</Button>
          ) : undefined
        }
      />
      <ReconciliationTabs page="items" />
      <ItemFilters view={view} change={change} />
      <Worklist view={view} change={change} />
      {isUploading ? <UploadSheet onClose={() => setUploading(false)} /> : null}
    </div>
  );
}
