import { Fragment } from "react";

const date = /(\d{4}-\d{2}-\d{2})/;

/** A sentence whose dates stay on one line each; a browser would break `2026-11-20` after a hyphen. */
export function DatesInText({ children: text }: { children: string }) {
  return text.split(date).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their places
    <Fragment key={index}>
      {date.test(part) ? <span className="whitespace-nowrap">{part}</span> : part}
    </Fragment>
  ));
}
