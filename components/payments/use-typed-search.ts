"use client";

import { useEffect, useRef, useState } from "react";
import type { ReadSearch, SearchProblem, SearchVocabulary } from "#components/payments/search-grammar.ts";
import { hasCondition, wordsOf } from "#components/payments/search-tokens.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";

/** What is typed into the search box, and what came of it. */
export type TypedSearch = Readonly<{
  typed: string;
  problem: SearchProblem | null;
  type: (text: string) => void;
  /** Somebody is about to type: what reads conditions is fetched. */
  prepare: () => void;
  /** True while a syllable is being put together (한글 입력): half of one is not searched. */
  compose: (isComposing: boolean) => void;
  /** Enter. With a text: that one, in place of what was typed. */
  submit: (text?: string) => void;
}>;

const typingPauseMs = 350;
const loadGrammar = () => import("#components/payments/search-grammar.ts");

/**
 * Words apply shortly after the last letter, or at once by Enter. With a condition among them they wait for Enter, for half a
 * condition finds nothing; then each becomes its chip. What cannot be read changes nothing and stays to be mended.
 */
export function useTypedSearch(
  filter: PaymentFilterInput,
  vocabulary: SearchVocabulary,
  onChange: (filter: PaymentFilterInput, how: "push" | "replace") => void,
): TypedSearch {
  const words = filter.q ?? "";
  const [typed, setTyped] = useState(words);
  const [known, setKnown] = useState(words);
  const [problem, setProblem] = useState<SearchProblem | null>(null);
  const isComposing = useRef(false);
  // The address changed by itself (Back, a link, 모두 지우기): the box follows it.
  if (known !== words) {
    setKnown(words);
    if (wordsOf(typed) !== words) {
      setTyped(words);
      setProblem(null);
    }
  }
  const take = (text: string, read: ReadSearch, how: "push" | "replace") => {
    setProblem(read.problem);
    if (read.problem) return setTyped(text);
    const isOnlyWords = Object.keys(read.set).length === 0;
    if (!isOnlyWords) setTyped(read.words);
    if (isOnlyWords && read.words === words) return;
    onChange({ ...filter, ...read.set, q: read.words || undefined }, how);
  };
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  const submit = (text: string, how: "push" | "replace") => {
    if (!hasCondition(text))
      return latest.current(text, { set: {}, words: wordsOf(text), problem: null }, how);
    loadGrammar().then(
      ({ readSearch }) => latest.current(text, readSearch(text, vocabulary), how),
      () => latest.current(text, { problem: { kind: "unread" } }, how),
    );
  };
  useEffect(() => {
    if (typed.trim() === words || wordsOf(typed) === words || isComposing.current || hasCondition(typed))
      return;
    const timer = setTimeout(
      () => latest.current(typed, { set: {}, words: wordsOf(typed), problem: null }, "replace"),
      typingPauseMs,
    );
    return () => clearTimeout(timer);
  }, [typed, words]);
  return {
    typed,
    problem,
    // When it does not come now, Enter asks again and says so.
    prepare: () => void loadGrammar().catch(() => undefined),
    type: (text) => {
      setTyped(text);
      setProblem(null);
    },
    compose: (composing) => {
      isComposing.current = composing;
    },
    submit: (text = typed) => submit(text, "push"),
  };
}
