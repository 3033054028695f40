import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { create, type Font } from "fontkit";
import type { Measure, Weight } from "#server/settlement/domain/statement-table.ts";

/** Pretendard, and how wide its texts are. Its license (OFL 1.1) lets a document embed it. */
export type StatementFonts = Readonly<{ fonts: Readonly<Record<Weight, Font>>; measure: Measure }>;

const files = { regular: "Pretendard-Regular.otf", bold: "Pretendard-Bold.otf" } as const;

let loading: Promise<StatementFonts> | undefined;

/** Opens both weights once for the process; the files come with the package, never from another host. */
export function loadStatementFonts(): Promise<StatementFonts> {
  loading ??= openFonts().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function openFonts(): Promise<StatementFonts> {
  const [regular, bold] = await Promise.all([openFont(files.regular), openFont(files.bold)]);
  const fonts = { regular: regular.font, bold: bold.font };
  const advances = { regular: regular.advanceOf, bold: bold.advanceOf };
  return {
    fonts,
    measure(text, weight, sizePt) {
      let units = 0;
      for (const character of text) units += advances[weight](character);
      return (units * sizePt) / fonts[weight].unitsPerEm;
    },
  };
}

type Run = ReturnType<Font["layout"]>;
type Shaped = Readonly<{ glyph: Run["glyphs"][number]; position: Run["positions"][number] }>;

/**
 * Opens a font that shapes character by character and keeps what it knows of each. Shaping a whole text takes fontkit a
 * hundred times as long, and pdfkit's own cache keeps every order that was ever printed. What is lost is kerning; figures
 * are all as wide as one another (`tnum`), so that columns stand.
 */
async function openFont(file: string) {
  const path = join(
    /* turbopackIgnore: true */ process.cwd(),
    "node_modules/pretendard/dist/public/static",
    file,
  );
  const font = create(await readFile(/* turbopackIgnore: true */ path)) as Font;
  const shapeWhole = font.layout.bind(font);
  const known = new Map<string, readonly Shaped[]>();
  const shape = (character: string): readonly Shaped[] => {
    const before = known.get(character);
    if (before) return before;
    const { glyphs, positions } = shapeWhole(character, ["tnum"]);
    const shaped = glyphs.flatMap((glyph, index) => {
      const position = positions[index];
      return position ? [{ glyph, position: { ...position } }] : [];
    });
    known.set(character, shaped);
    return shaped;
  };
  font.layout = (text: string) => {
    const glyphs: Shaped["glyph"][] = [];
    const positions: Shaped["position"][] = [];
    for (const character of text)
      for (const { glyph, position } of shape(character)) {
        glyphs.push(glyph);
        // pdfkit scales them where they stand: each text has its own.
        positions.push({ ...position });
      }
    return {
      glyphs,
      positions,
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
      },
    } as unknown as Run;
  };
  const advanceOf = (character: string) =>
    shape(character).reduce((sum, { position }) => sum + position.xAdvance, 0);
  return { font, advanceOf };
}
