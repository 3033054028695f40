"use client";

import { useEffect, useRef } from "react";

type ListKeys = Readonly<{
  search: () => void;
  move: (step: 1 | -1) => void;
  open: () => void;
  copyLink: () => void;
  /** `range`: from the row that was selected before. */
  select?: (range: boolean) => void;
  help?: () => void;
  /** One layer back. */
  escape: () => void;
}>;

/** True while a key belongs to a field or to an open layer, or makes a Hangul syllable. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.metaKey || event.ctrlKey || event.altKey)
    return true;
  const target = event.target as HTMLElement | null;
  return Boolean(
    target?.closest(
      "input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=dialog], [role=menu]",
    ),
  );
}

type KeyName = "search" | "next" | "previous" | "copyLink" | "select" | "escape";

/** By `code`, because in Hangul mode `key` is a jamo (design §12). */
const keyNames: Readonly<Record<string, KeyName>> = {
  Slash: "search",
  KeyJ: "next",
  KeyK: "previous",
  KeyY: "copyLink",
  KeyX: "select",
  Escape: "escape",
};

function act(keys: ListKeys, name: KeyName): void {
  if (name === "next") keys.move(1);
  else if (name === "previous") keys.move(-1);
  else if (name === "select") keys.select?.(false);
  else keys[name]();
}

/** The single keys of a list: `/` search, `j` and `k` rows, Enter open, `x` select, `y` link, `?` help, Esc back. None of them moves money. */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const name = event.shiftKey ? undefined : keyNames[event.code];
      if (name) {
        event.preventDefault();
        act(latest.current, name);
      } else if (event.shiftKey && (event.code === "KeyX" || event.code === "Slash")) {
        event.preventDefault();
        if (event.code === "KeyX") latest.current.select?.(true);
        else latest.current.help?.();
      } else if (event.code === "Enter" && event.target === document.body) {
        latest.current.open();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
