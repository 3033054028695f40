/** A button or link of the page as the palette offers it. */
export type PageAction = Readonly<{
  label: string;
  /** The single key that does the same, as it is written on the button. */
  key?: string;
  run: () => void;
}>;

/** `data-page-actions` marks what holds the buttons of a page that the palette offers too. */
const held = "#main [data-page-actions] :is(button, a[href])";
const layers = "[role=dialog], [role=alertdialog]";
const silent = "[aria-hidden=true], kbd, [role=tooltip]";

/**
 * What the page's own buttons offer just now: those that are shown, which already asks what the person may do, and that
 * can be pressed. To run one presses the button itself, so the same sheet opens and the focus comes back to it.
 */
export function readPageActions(): readonly PageAction[] {
  // What stands behind a sheet cannot be pressed.
  if (document.querySelector(layers)) return [];
  const taken = new Set<string>();
  const actions: PageAction[] = [];
  for (const button of document.querySelectorAll<HTMLElement>(held)) {
    const label = labelOf(button);
    if (!label || taken.has(label) || !canPress(button)) continue;
    taken.add(label);
    const key = button.getAttribute("aria-keyshortcuts");
    actions.push({
      label,
      ...(key && { key }),
      run: () => {
        button.focus();
        button.click();
      },
    });
  }
  return actions;
}

function canPress(button: HTMLElement): boolean {
  return (
    button.checkVisibility({ visibilityProperty: true }) &&
    !button.matches(":disabled, [aria-disabled=true], [aria-busy=true]")
  );
}

/** The name of a button, without its keys and signs. */
function labelOf(button: HTMLElement): string {
  const named = button.getAttribute("aria-label");
  if (named) return named;
  const copy = button.cloneNode(true) as HTMLElement;
  for (const part of copy.querySelectorAll(silent)) part.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}
