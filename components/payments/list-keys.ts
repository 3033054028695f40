import { isKeyTaken, type Press } from "#components/layout/single-keys.ts";

/** What a list's key asks for. */
export type ListKey =
  | "search"
  | "next"
  | "previous"
  | "open"
  | "peek"
  | "copyLink"
  | "select"
  | "range"
  | "filter"
  | "cancel"
  | "help"
  | "escape";

const plain: Readonly<Record<string, ListKey>> = {
  Slash: "search",
  KeyJ: "next",
  KeyK: "previous",
  Enter: "open",
  Space: "peek",
  KeyY: "copyLink",
  KeyX: "select",
  KeyF: "filter",
  KeyC: "cancel",
  Escape: "escape",
};
const withShift: Readonly<Record<string, ListKey>> = { KeyX: "range", Slash: "help" };

/** On these the space and Enter do what they say. */
const answersItself = "button, input, summary, [role=tab]";

/** The key of a list that was pressed; null when it belongs to something else. */
export function listKeyOf(press: Press): ListKey | null {
  if (isKeyTaken(press)) return null;
  const key = (press.shiftKey ? withShift : plain)[press.code] ?? null;
  const target = press.target as Partial<Element> | null;
  // A link opens by Enter itself, in a new tab too.
  if (key === "open" && target?.closest?.(`a, ${answersItself}`)) return null;
  if (key === "peek" && target?.closest?.(answersItself)) return null;
  return key;
}
