/** Where a person was in a list, so that Back finds the same rows at the same place. */
type Place = { scrollTop: number; cursorId: string | null };

const places = new Map<string, Place>();
const lastSearchKey = "paydeck_payments_search";

/** Remembers the place in the list with this address. */
export function rememberPlace(search: string, place: Partial<Place>): void {
  places.set(search, { scrollTop: 0, cursorId: null, ...places.get(search), ...place });
}

export function placeOf(search: string): Place | undefined {
  return places.get(search);
}

/** Forgets the place: the list begins anew. */
export function forgetPlace(search: string): void {
  places.delete(search);
}

/** Remembers the list's address for the breadcrumb of a payment; it lasts as long as the tab. */
export function rememberSearch(search: string): void {
  sessionStorage.setItem(lastSearchKey, search);
}

export function lastSearch(): string {
  return sessionStorage.getItem(lastSearchKey) ?? "";
}
