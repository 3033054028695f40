// Keys without Ctrl or ⌘ (design §12): by `code`, because in Hangul mode `key` is a jamo. None of them moves money.

/** What is looked at of a key that was pressed. */
export type Press = Pick<
  KeyboardEvent,
  "code" | "shiftKey" | "metaKey" | "ctrlKey" | "altKey" | "isComposing" | "defaultPrevented" | "target"
>;

const fields = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";
const layers = "[role=dialog], [role=alertdialog], [role=menu]";
const place = "paydeck.single-keys";

/** True unless this browser was told to leave them (WCAG 2.1.4). */
export function areSingleKeysOn(): boolean {
  return window.localStorage.getItem(place) !== "off";
}

export function turnSingleKeys(on: boolean): void {
  if (on) window.localStorage.removeItem(place);
  else window.localStorage.setItem(place, "off");
}

/** Letters, signs and the space: what somebody who speaks to the machine may press without meaning to. */
const isCharacter = (code: string) => /^(Key|Digit|Space|Slash|Bracket)/.test(code);

/** True while a key belongs to a field or to a layer that is open, makes a Hangul syllable, or was turned off. */
export function isKeyTaken(press: Press): boolean {
  if (press.defaultPrevented || press.isComposing || press.metaKey || press.ctrlKey || press.altKey)
    return true;
  const target = press.target as Partial<Element> | null;
  if (target?.closest?.(`${fields}, ${layers}`) || document.querySelector(layers)) return true;
  return isCharacter(press.code) && !areSingleKeysOn();
}
