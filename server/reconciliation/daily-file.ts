import { Refusal } from "#server/core/refusals.ts";
import type { VanRecord } from "#server/reconciliation/domain/daily-record.ts";
import type { FileIdentity } from "#server/reconciliation/identify-file.ts";
import { readSbx1File } from "#server/reconciliation/read-sbx1-file.ts";
import { readSbx2File } from "#server/reconciliation/read-sbx2-file.ts";

/**
 * Reads a file, whose first record is known, as it arrives and gives its records out many at a time. It is good only once
 * it has come to its end without a refusal, because the totals stand there. Throws `RECON_FILE_…` with the number of the
 * `line`, from 1.
 */
export type FileReader<R> = (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<readonly R[]>;

/** The format of each VAN's daily file. */
const vanReaders: Readonly<Record<string, FileReader<VanRecord>>> = {
  SBX1: readSbx1File,
  SBX2: readSbx2File,
};

/** The VANs whose daily files can be read. */
export const readableVans = Object.keys(vanReaders);

/** The reader of a VAN's daily file. Throws `RECON_FORMAT_UNKNOWN`. */
export function vanReaderOf(vanCode: string): FileReader<VanRecord> {
  const reader = Object.hasOwn(vanReaders, vanCode) ? vanReaders[vanCode] : undefined;
  if (!reader) throw new Refusal("RECON_FORMAT_UNKNOWN", { van: { code: vanCode } });
  return reader;
}

/** Throws `RECON_FILE_OTHER_KIND`, `RECON_FILE_OTHER_VAN` and `RECON_FILE_OTHER_DATE` for a file that is not the awaited one. */
export function refuseAnother(said: FileIdentity, awaited: FileIdentity): void {
  if (said.kind !== awaited.kind) throw new Refusal("RECON_FILE_OTHER_KIND", { found: said.kind });
  if (said.vanCode !== awaited.vanCode) throw new Refusal("RECON_FILE_OTHER_VAN", { found: said.vanCode });
  if (said.businessDate !== awaited.businessDate)
    throw new Refusal("RECON_FILE_OTHER_DATE", { found: said.businessDate });
}
