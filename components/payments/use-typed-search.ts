"use client";

import { useEffect, useRef, useState } from "react";
import {
  hasCondition,
  readSearch,
  type SearchProblem,
  type SearchVocabulary,
  wordsOf,
} from "#components/payments/search-grammar.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";

/** What is typed into the search box, and what came of it. */
export type TypedSearch = Readonly<{
  typed: string;
  problem: SearchProblem | null;
  type: (text: string) => void;
  /** True while a syllable is being put together (한글 입력): half of one is not searched. */
  compose: (isComposing: boolean) => void;
  /** Enter. With a text: that one, in place of what was typed. */
  submit: (text?: string) => void;
}>;

const typingPauseMs = 350;

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
  const submit = (text: string, how: "push" | "replace") => {
    const read = readSearch(text, vocabulary);
    setProblem(read.problem);
    if (read.problem) return setTyped(text);
    const isOnlyWords = Object.keys(read.set).length === 0;
    if (!isOnlyWords) setTyped(read.words);
    if (isOnlyWords && read.words === words) return;
    onChange({ ...filter, ...read.set, q: read.words || undefined }, how);
  };
  const latest = useRef(submit);
  useEffect(() => {
    latest.current = submit;
  });
  useEffect(() => {
    if (typed.trim() === words || wordsOf(typed) === words || isComposing.current || hasCondition(typed))
      return;
    const timer = setTimeout(() => latest.current(typed, "replace"), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, words]);
  return {
    typed,
    problem,
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
