"use client";

import { type Language, languages } from "#components/i18n/language.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useChooseLanguage } from "#components/layout/preferences.ts";
import { classes } from "#components/ui/classes.ts";

const names: Readonly<Record<Language, string>> = { ko: "한국어", en: "English" };

/** Both languages by their own names; the present one is bold. */
export function LanguageSwitch({ className }: { className?: string }) {
  const { navigation } = useTexts();
  const present = useLanguage();
  const choose = useChooseLanguage();
  return (
    <fieldset className={classes("flex items-center", className)}>
      <legend className="sr-only">{navigation.language}</legend>
      {languages.map((language, index) => (
        <span key={language} className="flex items-center">
          {index > 0 ? (
            <span aria-hidden className="text-ink-3">
              ·
            </span>
          ) : null}
          <button
            type="button"
            lang={language}
            aria-pressed={language === present}
            onClick={() => choose(language)}
            className={classes(
              "min-h-6 rounded-[4px] px-1",
              language === present ? "font-semibold text-ink" : "text-link hover:underline",
            )}
          >
            {names[language]}
          </button>
        </span>
      ))}
    </fieldset>
  );
}
