import { describe, expect, test } from "vitest";
import { textsOf } from "#components/i18n/catalogues.ts";

type Sentence = (...values: unknown[]) => unknown;

/** A sentence with sample values: with counts, or with names where it cannot take counts. */
function say(sentence: Sentence): string {
  try {
    return String(sentence(3, 3, 3, 3));
  } catch {
    return String(sentence("a", "b", "c", "d"));
  }
}

/** Every sentence of a catalogue with its path; functions are called with sample values. */
function sentencesOf(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node === "function") return [[path, say(node as Sentence)]];
  if (node === null || typeof node !== "object") return [];
  return Object.entries(node).flatMap(([key, value]) => sentencesOf(value, path ? `${path}.${key}` : key));
}

const ko = sentencesOf(textsOf("ko"));
const en = sentencesOf(textsOf("en"));

describe("both catalogues", () => {
  test("say something everywhere", () => {
    expect([...ko, ...en].filter(([, text]) => text.trim() === "").map(([path]) => path)).toEqual([]);
  });
  test("say the same things: no key is missing in either", () => {
    // Fields of messages are named in English; only Korean has other words for them.
    const pathsOf = (sentences: typeof ko) =>
      sentences
        .map(([path]) => path)
        .filter((path) => !path.includes(".fieldNames."))
        .sort();
    expect(pathsOf(en)).toEqual(pathsOf(ko));
  });
  test("have a console sentence for the same refusals", () => {
    expect(Object.keys(textsOf("en").refusals).sort()).toEqual(Object.keys(textsOf("ko").refusals).sort());
  });
});

describe("Korean screens", () => {
  test("never bow, apologise or shout", () => {
    expect(ko.filter(([, text]) => /하십시오|죄송|[!！]/.test(text))).toEqual([]);
  });
  test("never show both particles at once", () => {
    expect(ko.filter(([, text]) => /을\(를\)|이\(가\)|은\(는\)|와\(과\)/.test(text))).toEqual([]);
  });
});

test("English screens hold no Hangul and no politeness formulas", () => {
  expect(en.filter(([, text]) => /[가-힣]|\bplease\b|\bsuccessfully\b/i.test(text))).toEqual([]);
});
