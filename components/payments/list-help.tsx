"use client";

import { useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { navigation } from "#components/layout/navigation.ts";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { areSingleKeysOn, turnSingleKeys } from "#components/layout/single-keys.ts";
import { Checkbox } from "#components/ui/field.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Drawer } from "#components/ui/modal.tsx";

/** Every key of the list and of the console, and how to turn those of one letter off (WCAG 2.1.4). */
export function ListHelp({ onClose }: { onClose: () => void }) {
  const { navigation: nav, paymentList } = useTexts();
  const { help } = paymentList;
  const { permissions } = useOperator();
  const [isOn, setOn] = useState(areSingleKeysOn);
  // One reads from the top: the checkbox at the end would take the focus and scroll the keys away.
  const top = useRef<HTMLHeadingElement>(null);
  const pages = navigation
    .flatMap((group) => group.entries)
    .filter(({ goKey, permission }) => goKey && permissions.includes(permission));
  const groups: readonly { title: string; keys: readonly (readonly [readonly string[], string])[] }[] = [
    {
      title: help.list,
      keys: [
        [["/"], help.keys.search],
        [["j", "k"], help.keys.row],
        [["Enter"], help.keys.open],
        [["Space"], help.keys.peek],
        [["f"], help.keys.filter],
        [["c"], help.keys.cancel],
        [["y"], help.keys.copyLink],
      ],
    },
    {
      title: help.selection,
      keys: [
        [["x"], help.keys.select],
        [["Shift x"], help.keys.range],
        [["Esc"], help.keys.escape],
      ],
    },
    {
      title: help.go,
      keys: pages.map(({ id, goKey = "" }) => [["g", goKey], nav.entries[id]] as const),
    },
    {
      title: help.everywhere,
      keys: [
        [["Ctrl K", "⌘ K"], help.keys.palette],
        [["["], help.keys.sidebar],
        [["?"], help.keys.help],
      ],
    },
  ];
  return (
    <Drawer open onOpenChange={(open) => !open && onClose()} title={help.title} initialFocus={top}>
      <div className="flex flex-col gap-3">
        {groups.map(({ title, keys }, index) => (
          <section key={title}>
            {/* All of it is higher than the drawer, and focused it would be scrolled to its own edge. */}
            <h3 ref={index === 0 ? top : undefined} tabIndex={-1} className="pb-1 font-semibold outline-none">
              {title}
            </h3>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4">
              {keys.map(([names, says]) => (
                <div key={says} className="contents">
                  <dt className="flex gap-1 py-1.5">
                    {names.map((name) => (
                      <Kbd key={name}>{name}</Kbd>
                    ))}
                  </dt>
                  <dd className="text-ink-2">{says}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox
        label={help.use}
        checked={isOn}
        onChange={(event) => {
          turnSingleKeys(event.target.checked);
          setOn(event.target.checked);
        }}
      />
      <p className="text-ink-3">{help.note}</p>
    </Drawer>
  );
}
