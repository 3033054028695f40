"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { type Language, languageCookie, type Theme, themeCookie } from "#components/i18n/language.ts";
import {
  type Density,
  densityCookie,
  type SidebarWidth,
  sidebarCookie,
} from "#components/layout/frame-choices.ts";

const yearSeconds = 365 * 24 * 60 * 60;

function remember(name: string, value: string | null): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http, where the demo runs
  document.cookie = `${name}=${value ?? ""}; path=/; max-age=${value === null ? 0 : yearSeconds}; samesite=lax`;
}

/** Changes the language at once and remembers it for a year. */
export function useChooseLanguage(): (language: Language) => void {
  const router = useRouter();
  return useCallback(
    (language) => {
      remember(languageCookie, language);
      router.refresh();
    },
    [router],
  );
}

/** Changes the theme at once and remembers it for a year; `system` forgets the choice. */
export function chooseTheme(theme: Theme): void {
  remember(themeCookie, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Remembers for a year whether this browser shows the sidebar with names. */
export function rememberSidebar(width: SidebarWidth): void {
  remember(sidebarCookie, width === "full" ? null : width);
}

/** Changes the height of rows at once and remembers it for a year. */
export function chooseDensity(density: Density): void {
  remember(densityCookie, density === "normal" ? null : density);
  if (density === "normal") delete document.documentElement.dataset.density;
  else document.documentElement.dataset.density = density;
}
