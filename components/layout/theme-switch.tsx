"use client";

import { Check, type LucideIcon, Monitor, Moon, Sun } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import type { Theme } from "#components/i18n/language.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { chooseTheme } from "#components/layout/preferences.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { menuItemClasses, menuPanelClasses } from "#components/ui/menu.ts";

const icons: Readonly<Record<Theme, LucideIcon>> = { light: Sun, dark: Moon, system: Monitor };

/** Light, dark or the system's. */
export function ThemeSwitch({ theme: given }: { theme: Theme }) {
  const { navigation } = useTexts();
  const [theme, setTheme] = useState(given);
  const Present = icons[theme];
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={`${navigation.theme}: ${navigation.themes[theme]}`}
        className={buttonClasses("ghost", "icon")}
      >
        <Present aria-hidden className="size-4" strokeWidth={1.5} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className={menuPanelClasses}>
          <DropdownMenu.RadioGroup
            value={theme}
            onValueChange={(next) => {
              setTheme(next as Theme);
              chooseTheme(next as Theme);
            }}
          >
            {(Object.keys(icons) as Theme[]).map((option) => {
              const Icon = icons[option];
              return (
                <DropdownMenu.RadioItem key={option} value={option} className={menuItemClasses}>
                  <Icon aria-hidden className="size-4 text-ink-3" strokeWidth={1.5} />
                  <span className="flex-1">{navigation.themes[option]}</span>
                  <DropdownMenu.ItemIndicator>
                    <Check aria-hidden className="size-4 text-link" strokeWidth={1.75} />
                  </DropdownMenu.ItemIndicator>
                </DropdownMenu.RadioItem>
              );
            })}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
