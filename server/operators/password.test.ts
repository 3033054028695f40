import { describe, expect, test } from "vitest";
import { hashPassword, verifyAgainstNobody, verifyPassword } from "#server/operators/password.ts";

describe("stored passwords", () => {
  test("are Argon2id of 19 MiB, two passes, one lane, in PHC form", async () => {
    expect(await hashPassword("correct horse 1")).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  test("are salted: the same password is stored differently each time", async () => {
    expect(await hashPassword("correct horse 1")).not.toBe(await hashPassword("correct horse 1"));
  });

  test("fit only the password they were made of", async () => {
    const hash = await hashPassword("correct horse 1");
    expect(await verifyPassword("correct horse 1", hash)).toBe(true);
    expect(await verifyPassword("correct horse 2", hash)).toBe(false);
    expect(await verifyPassword("", hash)).toBe(false);
  });

  test("made elsewhere with other costs are still understood", async () => {
    // The command-line tool of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32
    const foreign = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    expect(await verifyPassword("password", foreign)).toBe(true);
  });

  test("written with composed or decomposed Hangul are the same password", async () => {
    const hash = await hashPassword("비밀번호는 길게".normalize("NFD"));
    expect(await verifyPassword("비밀번호는 길게".normalize("NFC"), hash)).toBe(true);
  });

  test("that are damaged are an error, not a wrong password", async () => {
    await expect(verifyPassword("x", "$2b$10$abc")).rejects.toThrow("not Argon2id");
  });

  test("nobody's password is always wrong", async () => {
    expect(await verifyAgainstNobody("anything")).toBe(false);
  });
});
