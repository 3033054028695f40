"use client";

import { Search } from "lucide-react";
import { type Ref, useEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

const typingPauseMs = 350;

/** Words to search for. They apply shortly after the last letter, or at once by Enter. */
export function SearchWords({
  words,
  inputRef,
  onSearch,
}: {
  words: string;
  inputRef: Ref<HTMLInputElement>;
  onSearch: (words: string, how: "push" | "replace") => void;
}) {
  const { payments } = useTexts();
  const [typed, setTyped] = useState(words);
  const [known, setKnown] = useState(words);
  const composing = useRef(false);
  // The address changed by itself (Back, a link, 모두 지우기): the box follows it.
  if (known !== words) {
    setKnown(words);
    if (typed.trim() !== words) setTyped(words);
  }
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => {
    if (typed.trim() === words || composing.current) return;
    const timer = setTimeout(() => search.current(typed.trim(), "replace"), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, words]);
  return (
    <label className="flex h-8 w-64 shrink-0 items-center gap-1.5 rounded-control border border-line-strong bg-surface pr-1.5 pl-2 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1 max-wide:hidden">
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
      <span className="sr-only">{payments.list.search}</span>
      <input
        ref={inputRef}
        type="search"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={payments.list.search}
        title={payments.list.searchHint}
        aria-keyshortcuts="/"
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          setTyped(event.currentTarget.value);
        }}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && typed.trim() !== words) onSearch(typed.trim(), "push");
          if (event.key === "Escape") {
            event.stopPropagation();
            if (typed) setTyped("");
            else event.currentTarget.blur();
          }
        }}
        className="h-full min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd>/</Kbd>
    </label>
  );
}
