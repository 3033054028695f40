"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { createGoReader } from "#components/layout/go-keys.ts";
import { navigation } from "#components/layout/navigation.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { isKeyTaken } from "#components/layout/single-keys.ts";

/** `g` and a letter lead to a page of the sidebar, from anywhere. */
export function useGoKeys(): void {
  const router = useRouter();
  const { permissions } = useOperator();
  useEffect(() => {
    const read = createGoReader();
    const hrefOf = (letter: string) =>
      navigation
        .flatMap((group) => group.entries)
        .find((entry) => entry.goKey === letter && permissions.includes(entry.permission))?.href;
    const onKey = (event: KeyboardEvent) => {
      if (isKeyTaken(event)) return;
      const { isTaken, href } = read(event, event.timeStamp, hrefOf);
      if (!isTaken) return;
      event.preventDefault();
      // Before the page's own keys: after `g`, `x` selects no row and `d` is no page's letter but that of 데드레터.
      event.stopPropagation();
      if (href) router.push(href);
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, [router, permissions]);
}
