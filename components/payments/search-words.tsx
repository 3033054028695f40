"use client";

import { Search } from "lucide-react";
import type { Ref } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { TypedSearch } from "#components/payments/use-typed-search.ts";
import { Kbd } from "#components/ui/kbd.tsx";

/** The box of the words and conditions that one types. `problemId` is where it says why they were not taken, while it does. */
export function SearchWords({
  search,
  problemId,
  inputRef,
}: {
  search: TypedSearch;
  problemId: string | undefined;
  inputRef: Ref<HTMLInputElement>;
}) {
  const { payments } = useTexts();
  return (
    <label className="flex h-8 w-64 shrink-0 items-center gap-1.5 rounded-control border border-line-strong bg-surface pr-1.5 pl-2 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1 has-aria-invalid:border-bad max-wide:hidden">
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
      <span className="sr-only">{payments.list.search}</span>
      <input
        ref={inputRef}
        type="search"
        value={search.typed}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={payments.list.search}
        title={payments.list.searchHint}
        aria-keyshortcuts="/"
        aria-invalid={problemId !== undefined || undefined}
        aria-describedby={problemId}
        onFocus={search.prepare}
        onCompositionStart={() => search.compose(true)}
        onCompositionEnd={(event) => {
          search.compose(false);
          search.type(event.currentTarget.value);
        }}
        onChange={(event) => search.type(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") search.submit();
          if (event.key === "Escape") {
            event.stopPropagation();
            if (search.typed) search.type("");
            else event.currentTarget.blur();
          }
        }}
        className="h-full min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd>/</Kbd>
    </label>
  );
}
