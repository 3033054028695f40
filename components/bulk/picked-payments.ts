import { isPaymentKey } from "#components/bulk/chosen-address.ts";

// One set at a time: who picks anew has left the old one.
const place = "paydeck.picked";

/** Keeps payments that were picked one by one, for this tab, and gives the address of their bulk cancel. */
export function keepPicked(ids: readonly string[]): string {
  const key = crypto.randomUUID();
  window.sessionStorage.setItem(place, `${key} ${ids.join(",")}`);
  return `/bulk/new?picked=${key}`;
}

/** The payments that this tab keeps under a key; null when it keeps none, or others by now. */
export function readPicked(key: string): readonly string[] | null {
  const [kept, list = ""] = (window.sessionStorage.getItem(place) ?? "").split(" ");
  const ids = list.split(",");
  return kept === key && ids.every(isPaymentKey) ? ids : null;
}
