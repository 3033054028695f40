import { expect, test } from "vitest";
import { en } from "#components/i18n/en.ts";
import { ko } from "#components/i18n/ko.ts";
import { navigation } from "#components/layout/navigation.ts";

const entries = navigation.flatMap((group) => group.entries);

test("the sidebar stands in the groups of the design", () => {
  expect(navigation.map(({ id, entries: own }) => [id, own.map((entry) => entry.id)])).toEqual([
    [null, ["home"]],
    ["payments", ["payments", "unknown", "bulk", "deadLetters", "xView", "latency", "vans", "integrity"]],
    ["settlements", ["settlements", "reconciliation", "exports"]],
    ["malls", ["malls", "webhooks"]],
    ["administration", ["changeRequests", "people", "audit"]],
  ]);
});

test("no two entries share a page or a letter", () => {
  const hrefs = entries.map(({ href }) => href);
  const letters = entries.flatMap(({ goKey }) => goKey ?? []);
  expect(new Set(hrefs).size).toBe(hrefs.length);
  expect(new Set(letters).size).toBe(letters.length);
});

test("every entry that has a name in the catalogues stands in the sidebar", () => {
  const ids = entries.map(({ id }) => id).toSorted();
  expect(Object.keys(ko.navigation.entries).toSorted()).toEqual(ids);
  expect(Object.keys(en.navigation.entries).toSorted()).toEqual(ids);
});
