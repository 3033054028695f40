"use client";

import { useCallback, useRef, useState } from "react";

/**
 * A part of the screen that is loaded when a person is about to need it: call `prepare` as the pointer or the focus comes
 * near and again when it is wanted. `part` is null until it is here. `load` must be the same function each time; when it
 * fails, `onMissing` hears of it and the next `prepare` tries again.
 */
export function usePart<Part>(
  load: () => Promise<Part>,
  onMissing: () => void,
): { part: Part | null; prepare: () => void } {
  const [part, setPart] = useState<Part | null>(null);
  const loading = useRef(false);
  const missing = useRef(onMissing);
  missing.current = onMissing;
  const prepare = useCallback(() => {
    if (loading.current) return;
    loading.current = true;
    load().then(
      (loaded) => setPart(() => loaded),
      () => {
        loading.current = false;
        missing.current();
      },
    );
  }, [load]);
  return { part, prepare };
}
