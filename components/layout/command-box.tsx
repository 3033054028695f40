"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

const neverChanges = () => () => undefined;
const shortcutHere = () => (/Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘ K" : "Ctrl K");

// Loaded when it is first opened.
const CommandPalette = dynamic(
  () => import("#components/layout/command-palette.tsx").then((file) => file.CommandPalette),
  { ssr: false },
);

/** Finds payments from anywhere: Enter opens the list with the query, or a payment whose key was pasted. `⌘K`/`Ctrl K` opens the palette. */
export function CommandBox() {
  const { navigation } = useTexts();
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const [palette, setPalette] = useState(false);
  const shortcut = useSyncExternalStore(neverChanges, shortcutHere, () => "Ctrl K");

  useEffect(() => {
    const openByKey = (event: KeyboardEvent) => {
      // `code`, because in Hangul mode `key` is a jamo (design §12).
      if (
        (event.metaKey || event.ctrlKey) &&
        !event.shiftKey &&
        !event.altKey &&
        event.code === "KeyK" &&
        !event.isComposing
      ) {
        event.preventDefault();
        setPalette((open) => !open);
      }
    };
    document.addEventListener("keydown", openByKey);
    return () => document.removeEventListener("keydown", openByKey);
  }, []);

  return (
    <search className="min-w-0 flex-[0_1_420px] max-wide:flex-1">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const query = input.current?.value.trim() ?? "";
          if (!query) return;
          router.push(
            /^pay_[0-9A-Z]{26}$/.test(query)
              ? `/payments/${query}`
              : `/payments?q=${encodeURIComponent(query)}`,
          );
        }}
        className="flex h-8 items-center gap-2 rounded-control border border-line-strong bg-surface pr-1.5 pl-2.5 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1 max-wide:h-9"
      >
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
        <input
          ref={input}
          type="search"
          name="q"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          aria-label={navigation.command}
          aria-keyshortcuts="Control+K Meta+K"
          placeholder={navigation.commandPlaceholder}
          onKeyDown={(event) => {
            // The Enter that ends a Hangul syllable is not the Enter that searches.
            if (event.key === "Enter" && event.nativeEvent.isComposing) event.preventDefault();
            if (event.key === "Escape") event.currentTarget.blur();
          }}
          className="h-full min-w-0 flex-1 text-ellipsis bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
        />
        <Kbd className="max-wide:hidden">{shortcut}</Kbd>
      </form>
      {palette ? <CommandPalette onClose={() => setPalette(false)} /> : null}
    </search>
  );
}
