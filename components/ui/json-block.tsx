"use client";

import { CopyButton } from "#components/ui/copy-button.tsx";
import { ScrollArea } from "#components/ui/scroll-area.tsx";

/** JSON as people read it, two blanks to a level; text that is no JSON stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A body that was sent or received, indented; what is copied are the very bytes. `label` names it. */
export function JsonBlock({ label, text }: { label: string; text: string }) {
  return (
    <div className="relative min-w-0">
      <ScrollArea label={label} className="max-h-72 bg-sunken py-2 pr-9 pl-2.5">
        <pre className="whitespace-pre-wrap font-mono text-meta [overflow-wrap:anywhere]">
          {prettyJson(text)}
        </pre>
      </ScrollArea>
      <CopyButton value={text} what={label} className="absolute top-1 right-1 bg-sunken print:hidden" />
    </div>
  );
}
