"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { type AddressForm, queryOf } from "#components/layout/address-form.ts";

/**
 * What a page shows, kept in its address alone: a link shows the same, and Back goes to what was shown before. `change`
 * takes what is to be different; with `replace` it leaves no step for Back, as while one types or zooms. `form` is a
 * constant of its module.
 */
export function useAddressView<View extends object>(form: AddressForm<View>) {
  const pathname = usePathname();
  const text = useSearchParams().toString();
  const written = useMemo(() => form.read(new URLSearchParams(text)), [form, text]);
  // The address follows a click a moment later; until then the box that was clicked must not jump back.
  const [ahead, setAhead] = useState<View | null>(null);
  const [textBefore, setTextBefore] = useState(text);
  if (textBefore !== text) {
    setTextBefore(text);
    // Once the address has caught up it is the same view still, so that nothing is drawn or asked for a second time.
    if (ahead && form.write(ahead) !== form.write(written)) setAhead(null);
  }
  // Back may come before the address of a click does; the two are then one change, from the old address to the old address.
  useEffect(() => {
    const fallBack = () => setAhead(null);
    window.addEventListener("popstate", fallBack);
    return () => window.removeEventListener("popstate", fallBack);
  }, []);
  const change = useCallback(
    (next: Partial<View>, how: "push" | "replace" = "push") => {
      // From the address itself: what was rendered follows it a moment later, and a second click may be faster.
      const { search } = window.location;
      const changed = { ...form.read(new URLSearchParams(search)), ...next };
      setAhead(changed);
      const address = pathname + queryOf(form, changed, search);
      if (how === "push") window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    },
    [form, pathname],
  );
  return { view: ahead ?? written, change };
}
