import type { deadLetters as ko } from "#components/i18n/ko/dead-letters.ts";

export const deadLetters: typeof ko = {};
