export const languages = ["ko", "en"] as const;
export type Language = (typeof languages)[number];

/** The cookie that remembers a person's language; Korean where it is missing. */
export const languageCookie = "paydeck_language";
/** The cookie that remembers the theme: `light` or `dark`; missing means the system's. */
export const themeCookie = "paydeck_theme";

export type Theme = "light" | "dark" | "system";

/** Reads a cookie value as a language. */
export function readLanguage(value: string | undefined): Language {
  return value === "en" ? "en" : "ko";
}

/** Reads a cookie value as a theme. */
export function readTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}
