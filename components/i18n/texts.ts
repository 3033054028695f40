import type { ko } from "#components/i18n/ko.ts";

/** The shape of every catalogue. A screen takes its texts from `useTexts`, so that it brings one language along. */
export type Texts = typeof ko;

/** What every page has from the start; the texts of an area come with the pages that use them. */
export type FrameTexts = Pick<Texts, "common" | "navigation" | "refusals">;
export type TextArea = Exclude<keyof Texts, keyof FrameTexts>;
export type AreaTexts = Pick<Texts, TextArea>;
