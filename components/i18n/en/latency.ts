import type { latency as ko } from "#components/i18n/ko/latency.ts";

export const latency: typeof ko = {};
