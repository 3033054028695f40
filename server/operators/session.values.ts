/** Without a sign of its person a session ends after this long (PCI DSS 8.2.8); a screen that asks by itself is no sign. */
export const sessionIdleMs = 15 * 60 * 1000;

/** So long before its end a screen says so (WCAG 2.2.1). */
export const sessionWarningMs = 2 * 60 * 1000;

/** What is left of a session: until it ends by idleness, and until it ends whatever its person does. */
export type SessionTimes = Readonly<{ idleLeftMs: number; lifeLeftMs: number }>;
