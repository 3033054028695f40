import type { payments as ko } from "#components/i18n/ko/payments.ts";

export const payments: typeof ko = {};
