/**
 * How what a page shows stands in its address. `read` leaves out what it cannot read; `write` gives nothing or `?…`, and
 * reading that gives the same view. `names` are the parameters that belong to it: all others are left as they are.
 */
export type AddressForm<View> = Readonly<{
  names: readonly string[];
  read: (params: URLSearchParams) => View;
  write: (view: View) => string;
}>;

/** The query that shows `view`: nothing, or `?…`. What stands in `search` and belongs to something else stays behind it. */
export function queryOf<View>({ names, write }: AddressForm<View>, view: View, search: string): string {
  const own = write(view).slice(1);
  const others = search
    .replace(/^\?/, "")
    .split("&")
    .filter(
      (part) => part !== "" && ![...new URLSearchParams(part).keys()].some((name) => names.includes(name)),
    );
  const text = [own, ...others].filter(Boolean).join("&");
  return text ? `?${text}` : "";
}
