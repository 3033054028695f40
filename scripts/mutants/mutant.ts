/** A deliberate fault in the code, and the tests that must see it. */
export type Mutant = Readonly<{
  name: string;
  /** What it breaks: the row of the mutation bar (reliability §1), or the rule or decision it stands for. */
  breaks: string;
  /** Texts to replace, each exactly once in its file. */
  edits: readonly Edit[];
  /** Test files of which at least one must fail. */
  killers: readonly string[];
}>;

export type Edit = Readonly<{ file: string; find: string; replace: string }>;

/** A mutant that cannot be made: its text is gone, or stands there more than once. It proves nothing until it is mended. */
export class DoesNotApply extends Error {
  override readonly name = "DoesNotApply";
}

/**
 * The changed text of each file that a mutant touches. `read` gives a file's text.
 * Throws `DoesNotApply` unless each text to replace stands exactly once in its file and changes it.
 */
export function applyMutant(mutant: Mutant, read: (file: string) => string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { file, find, replace } of mutant.edits) {
    const text = texts.get(file) ?? read(file);
    const times = text.split(find).length - 1;
    if (times !== 1)
      throw new DoesNotApply(`${mutant.name}: its text stands ${times} times in ${file}, not once:\n${find}`);
    if (find === replace) throw new DoesNotApply(`${mutant.name}: changes nothing in ${file}`);
    // A function, so that `$1` in SQL stands for itself.
    texts.set(
      file,
      text.replace(find, () => replace),
    );
  }
  return texts;
}
