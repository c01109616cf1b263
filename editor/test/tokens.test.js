import assert from "node:assert/strict";
import { test } from "node:test";
import { endOfLong, meaningful, tokens } from "../src/tokens.js";
import { chance, noise } from "./random.js";

const READ = [
  ["iri", "<http://x/ა#b>"],
  ["iri", "<\\u0061>"],
  ["string", "\"a\\\"b\""],
  ["string", "''"],
  ["string", "'''it's\n''fine'''"],
  ["string", '"""\\""""'],
  ["broken", "'open"],
  ["broken", '"""open\nand on'],
  ["variable", "?სახელი_1"],
  ["variable", "$x"],
  ["language", "@en-GB"],
  ["language", "@ar--rtl"],
  ["blank", "_:b.1"],
  ["name", "ex:a-b.c%20d\\,e:f"],
  ["name", "ქა:ა"],
  ["name", ":"],
  ["name", "ex.y:"],
  ["number", "1"],
  ["number", "-1.5E-3"],
  ["number", "+.5"],
  ["number", "1.e5"],
  ["word", "SELECT"],
  ["word", "პროექტი"],
  ["comment", "# a 'b"],
  ["punctuation", "<<("],
  ["punctuation", ")>>"],
  ["punctuation", "{|"],
  ["punctuation", "|}"],
  ["punctuation", "&&"],
  ["punctuation", "^^"],
  ["punctuation", "~"],
  ["broken", "\\"],
  ["broken", "@"],
];

for (const [kind, text] of READ)
  test(`${JSON.stringify(text)} is one token: ${kind}`, () => assert.deepEqual(tokens(text), [{ kind, from: 0, to: text.length, text }]));

const APART = [
  ["ex:a.", ["ex:a", "."]],
  ["?x-1", ["?x", "-1"]],
  ["?x<3", ["?x", "<", "3"]],
  ["1.", ["1", "."]],
  ["ex:p+?y", ["ex:p", "+", "?y"]],
  ["ex:p? ?y", ["ex:p", "?", "?y"]],
  ["'a'@ka", ["'a'", "@ka"]],
  ["<<<a>", ["<<", "<a>"]],
  ["}}", ["}", "}"]],
];

for (const [text, parts] of APART) test(`${text} falls apart as in SPARQL`, () => assert.deepEqual(meaningful(tokens(text)).map((one) => one.text), parts));

test("nothing of a text is lost", () => {
  const random = chance(3);
  for (let time = 0; time < 5000; time++) {
    const text = noise(random);
    assert.equal(tokens(text).map((one) => one.text).join(""), text);
  }
});

const LONG = [
  ["x'''", 0, "'''", 4],
  ["a\\''' b", 0, "'''", -1],
  ["''' and ''' again", 0, "'''", 3],
  ["no end", 0, '"""', -1],
];

for (const [line, from, quote, end] of LONG) test(`the end of a long string in ${line}`, () => assert.equal(endOfLong(line, from, quote), end));
