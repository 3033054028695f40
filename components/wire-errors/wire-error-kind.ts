/** What went wrong between us and whom we called. `status` and `code` come with the number or code that was answered. */
export type WireErrorKind =
  | "refused"
  | "reset"
  | "connectTimeout"
  | "answerTimeout"
  | "answerCut"
  | "unreachable"
  | "unknownHost"
  | "certificate"
  | "unreadable"
  | "notSent"
  | "blocked";

export type WireError =
  | Readonly<{ kind: WireErrorKind }>
  | Readonly<{ kind: "status" | "code"; value: string }>;

/** By what Node, its HTTP client and our own lines write down; the first that matches counts. */
const kinds: readonly (readonly [RegExp, WireErrorKind])[] = [
  [/^ECONNREFUSED$|connection was refused/, "refused"],
  [/no whole answer|closed within the answer/, "answerCut"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|closed)$|connection was (reset|closed)|closed the connection/, "reset"],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$|no connection in time|^connect timeout$/, "connectTimeout"],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$|no answer (in time|within)/, "answerTimeout"],
  [/^(EHOSTUNREACH|ENETUNREACH)$|(host|network) cannot be reached/, "unreachable"],
  [/^(ENOTFOUND|EAI_AGAIN)$|^dns: /, "unknownHost"],
  [/^tls: |^CERT_|SELF_SIGNED_CERT|^UNABLE_TO_VERIFY|^ERR_TLS_/, "certificate"],
  [
    /^HPE_|^UND_ERR_HEADERS_OVERFLOW$|answer cannot be read|not in frames|headers are too large/,
    "unreadable",
  ],
  [/^not sent: |^the line is closed$|given up before writing/, "notSent"],
  [/^blocked: /, "blocked"],
];

/** Reads an error as it was written down; `null` when it is of another kind, such as a decision of ours in a sentence. */
export function readWireError(error: string): WireError | null {
  const [, status] = /^status (\d{3})$/.exec(error) ?? [];
  if (status !== undefined) return { kind: "status", value: status };
  const [, code] = /^the response code (\S+) is not listed/.exec(error) ?? [];
  if (code !== undefined) return { kind: "code", value: code };
  const kind = kinds.find(([pattern]) => pattern.test(error))?.[1];
  return kind === undefined ? null : { kind };
}
