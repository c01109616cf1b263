import assert from "node:assert/strict";
import { test } from "node:test";
import { stretch } from "../src/places.js";

const TEXT = "SELECT ?x\nWHERE {\n  ?x '𝒜' BAD '''a\nb''' }\n";

const MARKED = [
  ["a word", 1, 1, "SELECT"],
  ["the rest of a word", 1, 3, "LECT"],
  ["a token on a later line", 2, 7, "{"],
  ["a column behind a character that JavaScript counts twice", 3, 10, "BAD"],
  ["of a text over several lines, the first", 3, 14, "'''a"],
  ["white space: what stands before it", 3, 1, "{"],
  ["the end of the text: the last token", 5, 1, "}"],
  ["a line that is not there: the last token", 99, 1, "}"],
  ["a column that is not there: the last of the line", 1, 99, "?x"],
  ["a place before the beginning", 0, 0, "SELECT"],
];

for (const [what, line, column, marked] of MARKED)
  test(`marked: ${what}`, () => {
    const { from, to } = stretch(TEXT, { line, column });
    assert.equal(TEXT.slice(from, to), marked);
  });

test("a text of white space is marked whole", () => assert.deepEqual(stretch("  ", { line: 1, column: 1 }), { from: 0, to: 2 }));
