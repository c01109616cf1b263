import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, functions, keywords, prefixes, prepared, typed, variables, wanted } from "../src/matches.js";

const TERMS = [
  { t: "ex:Project", k: "c", n: 12, l: "პროექტი", o: ["Project"] },
  { t: "ex:projectCode", k: "p", n: 30, l: "პროექტის კოდი", o: ["project code"] },
  { t: "ex:fundedBy", k: "p", n: 7, l: "დამფინანსებელი", o: ["funded by"] },
  { t: "foaf:fundedBy", k: "p", n: 2 },
  { t: "<http://odd.example/a%20b>", k: "p", n: 1, l: "უცნაური" },
].map(prepared);

const FOUND = [
  ["a local name", "proj", "", ["ex:projectCode", "ex:Project"]],
  ["a class where one is wanted", "proj", "class", ["ex:Project", "ex:projectCode"]],
  ["a Georgian label", "დამფ", "", ["ex:fundedBy"]],
  ["a word inside a Georgian label", "კოდ", "", ["ex:projectCode"]],
  ["an English word of the label", "by", "", ["ex:fundedBy", "foaf:fundedBy"]],
  ["capital letters or not", "FUNDED", "", ["ex:fundedBy", "foaf:fundedBy"]],
  ["a prefix with a name", "foaf:fun", "", ["foaf:fundedBy"]],
  ["a prefix with a label", "ex:დამ", "", ["ex:fundedBy"]],
  ["a prefix alone", "foaf:", "", ["foaf:fundedBy"]],
  ["a term without a prefix, by its label", "უცნ", "", ["<http://odd.example/a%20b>"]],
  ["a whole address", "<http://odd", "", ["<http://odd.example/a%20b>"]],
  ["nothing", "zzz", "", []],
];

for (const [what, text, wish, names] of FOUND) test(`found by ${what}`, () => assert.deepEqual(fitting(TERMS, text, wish).map((one) => one.text), names));

const TYPED = [
  ["SELECT ?x WHERE { ?x a ex:Pr", { kind: "term", text: "ex:Pr", wanted: "class" }],
  ["{ ?x rdf:type Pr", { kind: "term", text: "Pr", wanted: "class" }],
  ["{ ?x fund", { kind: "term", text: "fund", wanted: "property" }],
  ["{ ?x a ex:T ; დამ", { kind: "term", text: "დამ", wanted: "property" }],
  ["{ ?x ex:p/fund", { kind: "term", text: "fund", wanted: "property" }],
  ["{ ?x ex:p ex", { kind: "term", text: "ex", wanted: "" }],
  ["{ FILTER(?a = 1) ?x fund", { kind: "term", text: "fund", wanted: "property" }],
  ["SEL", { kind: "term", text: "SEL", wanted: "" }],
  ["PREFIX fo", { kind: "declaration", text: "fo", wanted: "" }],
  ["SELECT ?na", { kind: "variable", text: "?na" }],
  ["SELECT ?", { kind: "variable", text: "?" }],
  ["{ ?x a ", { kind: "nothing", text: "", wanted: "class" }],
  ["{ ?x ex:p <http://o", { kind: "iri", text: "<http://o", wanted: "" }],
  ["", { kind: "nothing", text: "", wanted: "" }],
  ["# pro", null],
  ["'pro", null],
  ["'a # <b", null],
  ["{ ?x ?p 12", null],
];

for (const [before, expected] of TYPED)
  test(`what is being typed after ${JSON.stringify(before)}`, () => {
    const { from, ...rest } = typed(before) ?? {};
    assert.deepEqual(expected && rest, expected);
    if (expected) assert.equal(before.slice(from), expected.text);
  });

test("after a whole triple nothing is wanted", () => assert.equal(wanted("{ ?x ex:p ?y "), ""));

test("words, functions, prefixes and variables by their beginning", () => {
  assert.deepEqual(keywords("fil"), ["FILTER"]);
  assert.deepEqual(functions("langm"), ["LANGMATCHES"]);
  assert.deepEqual(prefixes({ foaf: "f", ex: "e" }, "fo"), [["foaf", "f"]]);
  assert.deepEqual(variables("SELECT ?a { ?a ?b '?c' } # ?d", 7), ["?a", "?b"]);
});
