"use client";

import { useEffect, useRef } from "react";
import { isKeyTaken } from "#components/layout/single-keys.ts";

type InboxKeys = Readonly<{
  isOff: boolean;
  move: (step: 1 | -1) => void;
  open: () => void;
  select: (range: boolean) => void;
  inquire: () => void;
  escape: () => void;
}>;

/** `j` `k` rows, `Enter` the messages, `x` select, `i` ask the VAN, `Esc` back; by `code`, so that they work in Hangul mode. None moves money. */
export function useInboxKeys(keys: InboxKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { isOff, ...act } = latest.current;
      if (isOff || isKeyTaken(event)) return;
      switch (event.code) {
        case "KeyJ":
          return act.move(1);
        case "KeyK":
          return act.move(-1);
        case "KeyX":
          return act.select(event.shiftKey);
        case "KeyI":
          return act.inquire();
        case "Escape":
          return act.escape();
        case "Enter":
          // On a button or link Enter does what that says.
          if (!(event.target instanceof Element && event.target.closest("button, a, input"))) act.open();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
