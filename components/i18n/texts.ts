import type { ko } from "#components/i18n/ko.ts";

/** The shape of every catalogue. A screen takes its texts from `useTexts`, so that it brings one language along. */
export type Texts = typeof ko;
