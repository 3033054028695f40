import type { RefusalCode, RefusalFacts } from "#server/core/refusals.ts";
import type { UploadedFile } from "#server/reconciliation/upload-file.ts";

/** Why a file was not imported; nothing changed then. */
export type UploadRefusal = Readonly<{
  code: RefusalCode;
  message: Readonly<{ ko: string; en: string }>;
  facts: RefusalFacts;
  traceId: string;
}>;

export type SentFile =
  | Readonly<{ kind: "imported"; file: UploadedFile }>
  | Readonly<{ kind: "refused"; refusal: UploadRefusal }>
  /** No answer that we understand: the connection broke, or something stood between. */
  | Readonly<{ kind: "unreachable" }>
  | Readonly<{ kind: "stopped" }>;

/** What the file has to be; left out, the server reads it from the file. */
export type ExpectedFile = Readonly<{ vanCode: string; businessDate: string }>;

/**
 * Sends a file as its bare bytes and says how much of it is on its way, 0 to 1. `fetch` cannot say that, so this is
 * an XMLHttpRequest. `stop` ends it; the server then drops what it has.
 */
export function sendFile(
  file: File,
  expected: ExpectedFile | null,
  onProgress: (share: number) => void,
): Readonly<{ sent: Promise<SentFile>; stop: () => void }> {
  const request = new XMLHttpRequest();
  const query = expected
    ? `?${new URLSearchParams({ van: expected.vanCode, date: expected.businessDate })}`
    : "";
  const sent = new Promise<SentFile>((resolve) => {
    request.open("POST", `/api/console/reconciliation/files${query}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.upload.onload = () => onProgress(1);
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onerror = () => resolve({ kind: "unreachable" });
    request.onabort = () => resolve({ kind: "stopped" });
    request.send(file);
  });
  return { sent, stop: () => request.abort() };
}

function readAnswer(status: number, text: string): SentFile {
  try {
    const body = JSON.parse(text) as UploadedFile | { error: UploadRefusal };
    if (status === 201) return { kind: "imported", file: body as UploadedFile };
    if ("error" in body) return { kind: "refused", refusal: body.error };
  } catch {
    // Not from our server: a proxy's page, say.
  }
  return { kind: "unreachable" };
}
