"use client";

import {
  Keyboard,
  Languages,
  Link2,
  type LucideIcon,
  PanelLeft,
  ReceiptText,
  Rows3,
  Search,
  SquareMousePointer,
  SunMoon,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useId, useRef, useState } from "react";
import { type Language, languages, type Theme } from "#components/i18n/language.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useDensity } from "#components/layout/density-provider.tsx";
import { densities } from "#components/layout/frame-choices.ts";
import { navigation } from "#components/layout/navigation.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { readPageActions } from "#components/layout/page-actions.ts";
import { chooseTheme, useChooseLanguage } from "#components/layout/preferences.ts";
import { useSidebar } from "#components/layout/sidebar-state.tsx";
import { areSingleKeysOn, turnSingleKeys } from "#components/layout/single-keys.ts";
import { classes } from "#components/ui/classes.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { useToast } from "#components/ui/toast.tsx";

type Command = Readonly<{
  id: string;
  label: string;
  icon: LucideIcon;
  /** The keys that do the same, anywhere. */
  keys?: readonly string[];
  run: () => void;
}>;
type Group = Readonly<{ title: string; commands: readonly Command[] }>;

const themes: readonly Theme[] = ["light", "dark", "system"];

/**
 * Goes to any page, finds any payment, presses the page's own buttons and does what every page can do, by keyboard.
 * Nothing here moves money: what does opens the sheet of its button.
 */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { navigation: nav } = useTexts();
  const words = nav.palette;
  const listId = useId();
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const groups = useCommands(typed.trim());
  const commands = groups.flatMap((group) => group.commands);
  const at = Math.min(place, commands.length - 1);
  const current = commands[at];
  const opener = useRef<Element | null>(null);
  const chosen = useRef<Command | null>(null);
  const run = (command: Command | undefined) => {
    if (!command) return;
    chosen.current = command;
    onClose();
  };
  const step = (by: 1 | -1) => {
    const next = (at + by + commands.length) % Math.max(commands.length, 1);
    setPlace(next);
    const id = commands[next]?.id;
    if (id) list.current?.querySelector(`[data-command="${id}"]`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            // First the focus goes back, then the command runs: a sheet that it opens takes the focus after that.
            event.preventDefault();
            if (opener.current instanceof HTMLElement && document.activeElement === document.body)
              opener.current.focus();
            chosen.current?.run();
          }}
          className="fixed top-[12dvh] left-1/2 z-40 flex max-h-[70dvh] w-[560px] max-w-[calc(100vw-24px)] -translate-x-1/2 flex-col overflow-hidden rounded-panel border border-line-2 bg-surface text-ink shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{words.title}</Dialog.Title>
          <label className="flex h-12 shrink-0 items-center gap-2.5 border-line border-b px-4">
            <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
            <span className="sr-only">{words.title}</span>
            <input
              role="combobox"
              aria-expanded
              aria-controls={listId}
              aria-activedescendant={current ? `${listId}-${current.id}` : undefined}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              placeholder={words.placeholder}
              onChange={(event) => {
                setTyped(event.target.value);
                setPlace(0);
              }}
              onKeyDown={(event) => {
                // The Enter that ends a Hangul syllable chooses nothing.
                if (event.nativeEvent.isComposing) return;
                if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                  event.preventDefault();
                  step(event.key === "ArrowDown" ? 1 : -1);
                }
                if (event.key === "Enter") run(current);
              }}
              className="h-full min-w-0 flex-1 bg-transparent outline-none"
            />
            <Kbd className="max-wide:hidden">Esc</Kbd>
          </label>
          <div
            ref={list}
            id={listId}
            role="listbox"
            aria-label={words.results}
            className="overflow-auto p-1.5"
          >
            {groups.map((group) => (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox
              <div key={group.title} role="group" aria-label={group.title}>
                <p aria-hidden className="px-2.5 pt-2 pb-1 text-ink-3 text-meta">
                  {group.title}
                </p>
                {group.commands.map((command) => {
                  const Icon = command.icon;
                  const isCurrent = command === current;
                  return (
                    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box above, which names the active option
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box above
                    <div
                      key={command.id}
                      id={`${listId}-${command.id}`}
                      role="option"
                      data-command={command.id}
                      aria-selected={isCurrent}
                      onClick={() => run(command)}
                      onMouseMove={() => setPlace(commands.indexOf(command))}
                      className={classes(
                        "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-control px-2.5 max-wide:min-h-11",
                        isCurrent && "bg-selected",
                      )}
                    >
                      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
                      <span className="min-w-0 flex-1 truncate">{command.label}</span>
                      {command.keys ? (
                        <span aria-hidden className="flex shrink-0 gap-1 max-wide:hidden">
                          {command.keys.map((name) => (
                            <Kbd key={name}>{name}</Kbd>
                          ))}
                        </span>
                      ) : null}
                    </div>
                  );
                })}
              </div>
            ))}
          </div>
          {commands.length === 0 ? <p className="px-4 pb-4 text-ink-3">{words.none}</p> : null}
          <p className="shrink-0 border-line border-t px-4 py-2 text-ink-3 text-meta max-wide:hidden">
            {nav.command} · {words.hint}
          </p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What can be done with what was typed: pages and actions whose words hold it, and a payment, first when its key was typed. */
function useCommands(typed: string): Group[] {
  const { navigation: nav } = useTexts();
  const words = nav.palette;
  const router = useRouter();
  const toast = useToast();
  const language = useLanguage();
  const chooseLanguage = useChooseLanguage();
  const { permissions } = useOperator();
  const sidebar = useSidebar();
  const { density: present, choose: chooseDensity } = useDensity();
  const [pageActions] = useState(readPageActions);
  const matches = ({ label }: Command) => label.toLowerCase().includes(typed.toLowerCase());
  const go = (href: string) => () => router.push(href);
  const isKey = /^pay_[0-9A-Z]{26}$/.test(typed);
  const found: Command[] =
    typed && permissions.includes("payment:read")
      ? [
          isKey
            ? {
                id: "payment",
                label: words.openPayment(typed),
                icon: ReceiptText,
                run: go(`/payments/${typed}`),
              }
            : {
                id: "search",
                label: words.searchPayments(typed),
                icon: Search,
                run: go(`/payments?q=${encodeURIComponent(typed)}`),
              },
        ]
      : [];
  const pages = navigation
    .flatMap((group) => group.entries)
    .filter((entry) => permissions.includes(entry.permission))
    .map(({ id, href, icon, goKey }) => ({
      id: `page-${id}`,
      label: nav.entries[id],
      icon,
      ...(goKey && areSingleKeysOn() && { keys: ["g", goKey] }),
      run: go(href),
    }))
    .filter(matches);
  const actions: Command[] = [
    {
      id: "copy-link",
      label: words.copyPageLink,
      icon: Link2,
      run: () =>
        void navigator.clipboard.writeText(window.location.href).then(() => toast(words.pageLinkCopied)),
    },
    {
      id: "sidebar",
      label: sidebar.isNarrow ? nav.unfold : nav.fold,
      icon: PanelLeft,
      ...(areSingleKeysOn() && { keys: ["["] }),
      run: sidebar.toggle,
    },
    {
      id: "single-keys",
      label: areSingleKeysOn() ? words.singleKeysOff : words.singleKeysOn,
      icon: Keyboard,
      run: () => {
        const on = !areSingleKeysOn();
        turnSingleKeys(on);
        toast(on ? words.singleKeysAreOn : words.singleKeysAreOff);
      },
    },
    ...densities
      .filter((density) => density !== present)
      .map((density) => ({
        id: `density-${density}`,
        label: words.density(nav.densities[density]),
        icon: Rows3,
        run: () => chooseDensity(density),
      })),
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      label: words.theme(nav.themes[theme]),
      icon: SunMoon,
      run: () => chooseTheme(theme),
    })),
    ...languages
      .filter((other) => other !== language)
      .map((other: Language) => ({
        id: `language-${other}`,
        label: words.language[other],
        icon: Languages,
        run: () => chooseLanguage(other),
      })),
  ].filter(matches);
  const here = pageActions
    .map(({ label, key, run }, index) => ({
      id: `here-${index}`,
      label,
      icon: SquareMousePointer,
      ...(key && areSingleKeysOn() && { keys: [key] }),
      run,
    }))
    .filter(matches);
  const payments = { title: words.payments, commands: found };
  const others = [
    { title: words.here, commands: here },
    { title: words.pages, commands: pages },
    { title: words.actions, commands: actions },
  ];
  return (isKey ? [payments, ...others] : [...others, payments]).filter((group) => group.commands.length > 0);
}
