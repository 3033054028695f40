// What is typed, told apart into words and conditions: what the search box needs at once. What a condition means is
// `search-grammar.ts`, which comes when somebody types.

export type Token = Readonly<{ text: string; at: number; end: number }>;

/** The parts between spaces; what is in quotes stays together, also when the last quote is missing. */
export function tokensOf(text: string): Token[] {
  const found = text.matchAll(/(?:[^\s"“”]|["“”][^"“”]*(?:["“”]|$))+/g);
  return [...found].map((match) => ({ text: match[0], at: match.index, end: match.index + match[0].length }));
}

/** A part without its quotes. */
export const unquoted = (text: string) => text.replace(/["“”]/g, "");

/** A condition: letters, a colon, and what follows; in quotes it is a word like any other. */
export const conditionForm = /^(-?)(\p{L}{1,20}):(.*)$/su;

/** The words of what was typed, without its quotes and surplus spaces. */
export function wordsOf(text: string): string {
  return tokensOf(text)
    .map((token) => unquoted(token.text))
    .join(" ");
}

/** True when words hold what is meant as a condition: they wait for Enter, for half of one finds nothing. */
export function hasCondition(text: string): boolean {
  return tokensOf(text).some((token) => conditionForm.test(token.text) || isNotWord(token.text));
}

/** A word that is not wanted. Order ids have a minus too, but no Hangul. */
export const isNotWord = (text: string) => /^-["“”]?[가-힣]/.test(text);
