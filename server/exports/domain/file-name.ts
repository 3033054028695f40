import { kindNames } from "#server/exports/domain/file-words.ts";
import { type FileLanguage, seoulText } from "#server/exports/domain/table.ts";

/** The name of a file as a person sees it: ours alone, so that nothing a client sent is in it. */
export function fileNameOf({
  kind,
  format,
  language,
  requestedAt,
}: Readonly<{
  kind: string;
  format: "XLSX" | "CSV";
  language: FileLanguage;
  requestedAt: Date;
}>): Readonly<{ full: string; ascii: string }> {
  const stamp = seoulText(requestedAt.getTime()).replace(/[-:]/g, "").replace(" ", "-");
  const ending = format.toLowerCase();
  const name = kindNames[kind as keyof typeof kindNames]?.[language] ?? "export";
  return {
    full: `${name.replaceAll(" ", "_")}_${stamp}.${ending}`,
    ascii: `paydeck-${kind.toLowerCase().replaceAll("_", "-")}-${stamp}.${ending}`,
  };
}
