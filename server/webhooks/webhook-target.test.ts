import { connect, createServer, type LookupFunction, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Refusal } from "#server/core/refusals.ts";
import {
  BlockedTarget,
  checkTargetAddresses,
  guardedLookup,
  isPublicAddress,
  type Resolve,
  readTarget,
} from "#server/webhooks/webhook-target.ts";

function refusalOf(text: string, allowHosts: readonly string[] = []): string {
  try {
    readTarget(text, allowHosts);
  } catch (error) {
    if (error instanceof Refusal && error.code === "INVALID_WEBHOOK_URL") return String(error.facts.because);
    throw error;
  }
  return "accepted";
}

describe("bad-input row 52: what is no public https address", () => {
  test.each([
    ["http://shop.example.com/", "scheme"],
    ["ftp://shop.example.com/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["gopher://shop.example.com/", "scheme"],
    ["javascript:alert(1)", "scheme"],
    ["https://user:pass@shop.example.com/", "credentials"],
    ["https://user@shop.example.com/", "credentials"],
    ["https://shop.example.com:22/", "port"],
    ["https://shop.example.com:6379/", "port"],
    ["https://shop.example.com:5432/", "port"],
    ["https://shop.example.com/#hook", "fragment"],
    ["https://shop.example.com/#", "fragment"],
    ["shop.example.com/hook", "malformed"],
    ["//shop.example.com/hook", "malformed"],
    ["https://", "malformed"],
    ["https://shop.example.com:99999/", "malformed"],
    ["https://shop.exa\tmple.com/", "malformed"],
    [" https://shop.example.com/", "malformed"],
    ["https:\\\\shop.example.com\\", "malformed"],
    ["", "malformed"],
  ])("%j → %s", (text, because) => {
    expect(refusalOf(text)).toBe(because);
  });
});

describe("bad-input row 53: every way to write a private address", () => {
  test.each([
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "0",
    "0.0.0.0",
    "[::]",
    "[::1]",
    "[::ffff:7f00:1]",
    "[::ffff:127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00::8]",
    "[ff02::1]",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "127.0.0.1.",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "api.localhost",
    "db.internal",
    "printer.local",
    "intranet",
  ])("https://%s/ is refused", (host) => {
    expect(refusalOf(`https://${host}/hook`)).toBe("not_public");
  });
});

describe("bad-input row 55: how an address is kept", () => {
  test("at most 2,048 characters, as given and as kept", () => {
    const base = "https://shop.example.com/";
    expect(refusalOf(base + "a".repeat(2_048 - base.length))).toBe("accepted");
    expect(refusalOf(base + "a".repeat(2_049 - base.length))).toBe("too_long");
    expect(refusalOf(base + "가".repeat(1_000))).toBe("too_long");
  });

  test.each([
    ["https://한빛서점.한국/hook", "https://xn--xx3bk4cu6i7yo.xn--3e0b707e/hook"],
    ["https://Shop.Example.COM./hook", "https://shop.example.com/hook"],
    ["https://shop.example.com:443/a/../hook", "https://shop.example.com/hook"],
    ["https://shop.example.com", "https://shop.example.com/"],
    ["https://shop.example.com:8443/hook?a=1", "https://shop.example.com:8443/hook?a=1"],
    ["https://8.8.8.8/hook", "https://8.8.8.8/hook"],
    ["https://[2606:4700::1111]/hook", "https://[2606:4700::1111]/hook"],
  ])("%s is kept as %s", (given, kept) => {
    expect(readTarget(given, []).href).toBe(kept);
  });

  test.each(["https://*.example.com/", "https://a..example.com/", `https://${"a".repeat(64)}.example.com/`])(
    "%s names no host",
    (text) => {
      expect(["not_public", "malformed"]).toContain(refusalOf(text));
    },
  );
});

describe("exceptions", () => {
  test.each([
    ["http://127.0.0.1:4000/hook", ["127.0.0.1"], "accepted"],
    ["http://127.0.0.1:4000/hook", ["127.0.0.1:4000"], "accepted"],
    ["http://127.0.0.1:4001/hook", ["127.0.0.1:4000"], "scheme"],
    ["http://127.1:4000/hook", ["127.0.0.1"], "accepted"],
    ["http://[::1]:4000/hook", ["::1"], "accepted"],
    ["http://localhost/hook", ["localhost:80"], "accepted"],
    ["https://localhost/hook", ["LOCALHOST:443"], "accepted"],
    ["http://127.0.0.1.evil.example/hook", ["127.0.0.1"], "scheme"],
    ["http://user@127.0.0.1/hook", ["127.0.0.1"], "credentials"],
    ["ftp://127.0.0.1/hook", ["127.0.0.1"], "scheme"],
  ])("%s with %o is %s", (text, allowHosts, outcome) => {
    expect(refusalOf(text, allowHosts)).toBe(outcome);
  });
});

describe("bad-input row 54: names that lead inside", () => {
  const answers =
    (...sets: string[][]): Resolve =>
    async () =>
      (sets.length > 1 ? (sets.shift() ?? []) : (sets[0] ?? [])).map((address) => ({
        address,
        family: address.includes(":") ? 6 : 4,
      }));
  let server: Server;
  let port: number;
  let sockets = 0;

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets++;
      socket.destroy();
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => new Promise((settle) => server.close(settle)));

  const tryConnect = (resolve: Resolve) =>
    new Promise<Error | "connected">((settle) => {
      const lookup = guardedLookup(resolve) as LookupFunction;
      const socket = connect({ host: "hooks.example.com", port, lookup });
      socket.on("connect", () => settle("connected"));
      socket.on("error", settle);
    });

  test("are refused when they are saved", async () => {
    const url = readTarget("https://127.0.0.1.nip.io/hook", []);
    await expect(checkTargetAddresses(url, [], answers(["127.0.0.1"]))).rejects.toMatchObject({
      code: "INVALID_WEBHOOK_URL",
    });
    await expect(checkTargetAddresses(url, [], answers(["8.8.8.8", "::1"]))).rejects.toMatchObject({
      code: "INVALID_WEBHOOK_URL",
    });
  });

  test("may be saved while they do not resolve yet", async () => {
    const silent: Resolve = () => Promise.reject(new Error("ENOTFOUND"));
    await expect(
      checkTargetAddresses(readTarget("https://new.example.com/", []), [], silent),
    ).resolves.toBeUndefined();
  });

  test("get no socket, also when the name changed its mind after it was saved", async () => {
    const rebinding = answers(["8.8.8.8"], ["127.0.0.1"]);
    const url = readTarget("https://hooks.example.com/hook", []);
    await checkTargetAddresses(url, [], rebinding);
    const outcome = await tryConnect(rebinding);
    expect(outcome).toBeInstanceOf(BlockedTarget);
    expect(sockets).toBe(0);
  });

  test("get no socket when one of several addresses is private", async () => {
    expect(await tryConnect(answers(["8.8.8.8", "127.0.0.1"]))).toBeInstanceOf(BlockedTarget);
    expect(await tryConnect(answers([]))).toBeInstanceOf(BlockedTarget);
    expect(sockets).toBe(0);
  });

  test("are judged by address: the check is what stands between the name and this server", async () => {
    const unchecked = ((_host, _options, answer) =>
      answer(null, [{ address: "127.0.0.1", family: 4 }])) as LookupFunction;
    const outcome = await new Promise((settle) => {
      connect({ host: "hooks.example.com", port, lookup: unchecked })
        .on("connect", () => settle("connected"))
        .on("error", settle);
    });
    expect(outcome).toBe("connected");
  });

  test("something that is no address at all is not public", () => {
    expect(isPublicAddress("")).toBe(false);
    expect(isPublicAddress("hooks.example.com")).toBe(false);
  });
});
