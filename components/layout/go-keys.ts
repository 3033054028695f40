/** How long the letter may be waited for. */
export const goWithinMs = 1_500;

/** What a key meant: `isTaken`, nobody else is to hear of it; `href`, where it leads. */
export type Go = Readonly<{ isTaken: boolean; href: string | null }>;

/** Reads `g` and then the letter of a page. A letter of none leads nowhere, and does nothing else either. */
export function createGoReader(): (
  press: Readonly<{ code: string; shiftKey: boolean }>,
  atMs: number,
  hrefOf: (letter: string) => string | undefined,
) => Go {
  let begunAtMs: number | null = null;
  return ({ code, shiftKey }, atMs, hrefOf) => {
    const isSecond = begunAtMs !== null && atMs - begunAtMs <= goWithinMs;
    const letter = shiftKey ? undefined : /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
    begunAtMs = letter === "g" ? atMs : null;
    if (letter === "g") return { isTaken: true, href: null };
    if (!isSecond || letter === undefined) return { isTaken: false, href: null };
    return { isTaken: true, href: hrefOf(letter) ?? null };
  };
}
