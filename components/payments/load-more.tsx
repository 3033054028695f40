"use client";

import { useEffect, useRef } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";

/** Loads the next page when it comes near; also a button, for the keyboard and after an error. */
export function LoadMore({
  loading,
  failed,
  label,
  onLoad,
}: {
  loading: boolean;
  failed: boolean;
  label?: string | undefined;
  onLoad: () => void;
}) {
  const { common } = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  const load = useRef(onLoad);
  useEffect(() => {
    load.current = onLoad;
  });
  useEffect(() => {
    if (!button.current || failed) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) load.current();
      },
      // The margin counts only for the element that scrolls.
      {
        root: button.current.closest("table")?.parentElement ?? document.getElementById("main"),
        rootMargin: "600px",
      },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [failed]);
  return (
    <Button ref={button} size="small" busy={loading} onClick={onLoad}>
      {failed ? common.retry : (label ?? common.loadMore)}
    </Button>
  );
}
