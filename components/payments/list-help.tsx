"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Drawer } from "#components/ui/modal.tsx";

/** Every key of the list. */
export function ListHelp({ onClose }: { onClose: () => void }) {
  const { paymentList } = useTexts();
  const { help } = paymentList;
  const groups: readonly { title: string; keys: readonly [readonly string[], string][] }[] = [
    {
      title: help.list,
      keys: [
        [["/"], help.keys.search],
        [["j", "k"], help.keys.row],
        [["Enter"], help.keys.open],
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
      title: help.everywhere,
      keys: [
        [["Ctrl K", "⌘ K"], help.keys.palette],
        [["?"], help.keys.help],
      ],
    },
  ];
  return (
    <Drawer open onOpenChange={(open) => !open && onClose()} title={help.title}>
      {groups.map(({ title, keys }) => (
        <section key={title}>
          <h3 className="pb-1 font-semibold">{title}</h3>
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
      <p className="text-ink-3">{help.note}</p>
    </Drawer>
  );
}
