import type { audit as ko } from "#components/i18n/ko/audit.ts";

export const audit: typeof ko = {};
