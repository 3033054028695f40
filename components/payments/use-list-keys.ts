"use client";

import { useEffect, useRef } from "react";
import { type ListKey, listKeyOf } from "#components/payments/list-keys.ts";

type ListKeys = Readonly<{
  search?: () => void;
  move: (step: 1 | -1) => void;
  open: () => void;
  peek?: () => void;
  copyLink?: () => void;
  /** `range`: from the row that was selected before. */
  select?: (range: boolean) => void;
  /** Adds a condition. */
  filter?: () => void;
  /** Leads to what a cancel would do; it cancels nothing. */
  cancel?: () => void;
  help?: () => void;
  /** One layer back. */
  escape: () => void;
}>;

/** What a key does on this list; undefined when the list has nothing for it. */
function actionOf(keys: ListKeys, key: ListKey): (() => void) | undefined {
  const { move, select } = keys;
  if (key === "next") return () => move(1);
  if (key === "previous") return () => move(-1);
  if (key === "select" || key === "range") return select && (() => select(key === "range"));
  return keys[key];
}

/** The single keys of a list (`listKeyOf`). None of them moves money. */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = listKeyOf(event);
      const action = key && actionOf(latest.current, key);
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
