import { useEffect, useRef } from "react";
import { isKeyTaken } from "#components/layout/single-keys.ts";
import type { DeadLetterLine } from "#server/dead-letters/dead-letter-queries.ts";

/** j/k, Enter, x, Esc and / for the list; off in inputs and while Hangul is being composed (design §12). */
export function useLetterKeys(keys: {
  enabled: boolean;
  letters: readonly DeadLetterLine[];
  cursorId: string | null;
  setCursorId: (id: string) => void;
  onOpen: (letter: DeadLetterLine) => void;
  onToggle: ((id: string, range: boolean) => void) | undefined;
  onEscape: () => void;
  onSearch: () => void;
}) {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { enabled, letters, cursorId, setCursorId, onOpen, onToggle, onEscape, onSearch } =
        latest.current;
      const element = event.target instanceof Element ? event.target : null;
      if (!enabled || isKeyTaken(event)) return;
      const index = letters.findIndex((letter) => letter.id === cursorId);
      const present = letters[index];
      const move = (to: number) => {
        const next = letters[Math.max(0, Math.min(letters.length - 1, to))];
        if (!next) return;
        setCursorId(next.id);
        document.querySelector(`[data-letter="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
      };
      switch (event.code) {
        case "KeyJ":
          return move(index + 1);
        case "KeyK":
          return move(index < 0 ? 0 : index - 1);
        case "KeyX":
          if (present?.status === "PARKED") onToggle?.(present.id, event.shiftKey);
          return;
        case "Enter":
          // On a button or link Enter does what that says.
          if (present && !element?.closest("button, a, input")) onOpen(present);
          return;
        case "Escape":
          return onEscape();
        case "Slash":
          event.preventDefault();
          return onSearch();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
