/** The text of a CSV as people save it: UTF-8, or what Excel in Korea writes. Null when it is neither. */
export async function readCsvFile(file: Blob): Promise<string | null> {
  const bytes = await file.arrayBuffer();
  for (const encoding of ["utf-8", "euc-kr"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this encoding.
    }
  }
  return null;
}
