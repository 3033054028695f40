import { expect, test } from "vitest";
import { readWireError } from "#components/wire-errors/wire-error-kind.ts";

test.each([
  ["ECONNREFUSED", "refused"],
  ["connect: the connection was refused", "refused"],
  ["ECONNRESET", "reset"],
  ["UND_ERR_SOCKET", "reset"],
  ["the VAN closed the connection", "reset"],
  ["connect: the connection was closed before an answer came", "reset"],
  ["the connection closed within the answer", "answerCut"],
  ["no whole answer in time", "answerCut"],
  ["ETIMEDOUT", "connectTimeout"],
  ["UND_ERR_CONNECT_TIMEOUT", "connectTimeout"],
  ["no connection in time", "connectTimeout"],
  ["UND_ERR_HEADERS_TIMEOUT", "answerTimeout"],
  ["no answer in time", "answerTimeout"],
  ["no answer within 2000 ms", "answerTimeout"],
  ["timeout: no answer within 10 seconds", "answerTimeout"],
  ["EHOSTUNREACH", "unreachable"],
  ["dns: the host name does not exist", "unknownHost"],
  ["tls: the certificate has expired", "certificate"],
  ["HPE_INVALID_CONSTANT", "unreadable"],
  ["the answer cannot be read", "unreadable"],
  ["not sent: too little of the lease was left", "notSent"],
  ["blocked: the URL is not a public https address (private)", "blocked"],
])("%s is %s", (error, kind) => {
  expect(readWireError(error)).toEqual({ kind });
});

test("an answered status or code is named", () => {
  expect(readWireError("status 503")).toEqual({ kind: "status", value: "503" });
  expect(readWireError("the response code ZZ99 is not listed for this message")).toEqual({
    kind: "code",
    value: "ZZ99",
  });
});

test("what is no trouble on the wire is left as it is", () => {
  expect(readWireError("the VAN refuses both net cancel and cancel (7X)")).toBeNull();
});
