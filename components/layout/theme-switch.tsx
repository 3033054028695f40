"use client";

import { type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import type { Theme } from "#components/i18n/language.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { chooseTheme } from "#components/layout/preferences.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";

const icons: Readonly<Record<Theme, LucideIcon>> = { light: Sun, dark: Moon, system: Monitor };

/** Light, dark or the system's. */
export function ThemeSwitch({ theme: given }: { theme: Theme }) {
  const { navigation } = useTexts();
  const [theme, setTheme] = useState(given);
  const Present = icons[theme];
  return (
    <Menu
      label={`${navigation.theme}: ${navigation.themes[theme]}`}
      align="end"
      className={buttonClasses("ghost", "icon")}
      choice={{
        value: theme,
        onChange: (next) => {
          setTheme(next as Theme);
          chooseTheme(next as Theme);
        },
        options: (Object.keys(icons) as Theme[]).map((option) => ({
          value: option,
          label: navigation.themes[option],
          icon: icons[option],
        })),
      }}
    >
      <Present aria-hidden className="size-4" strokeWidth={1.5} />
    </Menu>
  );
}
