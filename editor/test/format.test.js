import assert from "node:assert/strict";
import { test } from "node:test";
import { carried, format, mistake, sameTokens } from "../src/format.js";
import { tokens } from "../src/tokens.js";
import { chance, noise, query } from "./random.js";

const lines = (...all) => `${all.join("\n")}\n`;

const LAID_OUT = [
  ["a short query keeps WHERE on its line", "select ?x where{?x a ex:T}", lines("SELECT ?x WHERE {", "  ?x a ex:T", "}")],
  ["nothing between brackets stays there", "ask{}", lines("ASK {}")],
  ["the prologue stands apart", "prefix a: <b> base <c> ask {}", lines("PREFIX a: <b>", "BASE <c>", "", "ASK {}")],
  ["one triple a line, further predicates below", "ask{?x a ex:T;ex:p 1,2.?y ?p ?o}", lines("ASK {", "  ?x a ex:T ;", "    ex:p 1, 2 .", "  ?y ?p ?o", "}")],
  ["a path is written close, an operator wide", "ask{?x ^ex:a/ex:b* ?y filter(?y*2>-1||!?z)}", lines("ASK {", "  ?x ^ex:a/ex:b* ?y", "  FILTER(?y * 2 > -1 || !?z)", "}")],
  ["what follows a filter begins a line", "ask{filter(?x=1) ?x ex:p ?y filter exists{} ?a ?b ?c}", lines("ASK {", "  FILTER(?x = 1)", "  ?x ex:p ?y", "  FILTER EXISTS {}", "  ?a ?b ?c", "}")],
  ["unions go on behind their bracket", "ask{{?x a ?y}union{?x a ?z}}", lines("ASK {", "  {", "    ?x a ?y", "  } UNION {", "    ?x a ?z", "  }", "}")],
  ["short data stay on a line, rows do not", "ask{values ?a {1 2}values(?a ?b){(1 2)(undef 3)}}", lines("ASK {", "  VALUES ?a { 1 2 }", "  VALUES (?a ?b) {", "    (1 2)", "    (UNDEF 3)", "  }", "}")],
  ["a blank node with several properties is opened", "ask{?x ex:p [a ex:T;ex:q 1],[ex:r 2],[]}", lines("ASK {", "  ?x ex:p [", "    a ex:T ;", "    ex:q 1", "  ], [ ex:r 2 ], []", "}")],
  ["clauses after the group begin lines", "select(count(*)as ?n){?s ?p ?o}group by ?s having(?n>1)order by desc(?n)limit 3 offset 4", lines("SELECT (COUNT(*) AS ?n) {", "  ?s ?p ?o", "}", "GROUP BY ?s", "HAVING (?n > 1)", "ORDER BY DESC(?n)", "LIMIT 3", "OFFSET 4")],
  ["comments stay where they were", "# head\nask { # all\n ?s ?p ?o # one\n\n # two\n}", lines("# head", "ASK { # all", "  ?s ?p ?o # one", "", "  # two", "}")],
  ["statements about statements", "ask{<<(?s ?p ?o)>> ?q ?r{|ex:a 1;ex:b 2|}~_:r}", lines("ASK {", "  <<( ?s ?p ?o )>> ?q ?r {| ex:a 1 ; ex:b 2 |} ~ _:r", "}")],
  ["long conditions are broken between them", `ask{filter(${"?aaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1 && ".repeat(3)}?b)}`, lines("ASK {", "  FILTER(?aaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1 && ?aaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1", "    && ?aaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1 && ?b)", "}")],
  ["functions are spelled as in the specification", "ask{filter(ISIRI(?x)&&sameterm(?x,?y))}", lines("ASK {", "  FILTER(isIRI(?x) && sameTerm(?x, ?y))", "}")],
  ["strings and names are never touched", `ask{?x ex:Select "select  # where"@ka,'''a\n  b'''}`, lines("ASK {", `  ?x ex:Select "select  # where"@ka, '''a`, "  b'''", "}")],
]; // prettier-ignore

for (const [what, before, after] of LAID_OUT) test(what, () => assert.equal(format(before), after));

const UNREADABLE = [
  ["a string without its end", "ask { ?x ?p 'a }", 12],
  ["a long string without its end", 'ask { ?x ?p """a }', 12],
  ["a bracket without its end", "ask { (?x }", 10],
  ["an end without its bracket", "ask } {", 4],
  ["nothing but a beginning", "ask {", 4],
  ["a stray character", "ask { \\ }", 6],
];

for (const [what, text, at] of UNREADABLE)
  test(`${what} is left alone and its place is told`, () => assert.deepEqual([format(text), mistake(tokens(text))], [null, at]));

test("a query laid out says the same, and is laid out already", () => {
  const random = chance(7);
  for (let time = 0; time < 2000; time++) {
    const before = `select * where { ${query(random)} }`;
    const after = format(before);
    assert.ok(after !== null && sameTokens(tokens(before), tokens(after)), before);
    assert.equal(format(after), after, before);
  }
});

test("noise is laid out to the same tokens or left alone", () => {
  const random = chance(11);
  let made = 0;
  for (let time = 0; time < 20_000; time++) {
    const before = noise(random);
    const after = format(before);
    if (after === null) continue;
    made++;
    assert.ok(sameTokens(tokens(before), tokens(after)), before);
  }
  assert.ok(made > 1000);
});

test("other tokens are not the same", () => {
  const same = (one, other) => sameTokens(tokens(one), tokens(other));
  assert.ok(same("select ?x", "SELECT\n?x"));
  assert.ok(!same("select ?x", "select ?X"));
  assert.ok(!same("'a b'", "'a  b'"));
  assert.ok(!same("ex:a", "ex:A"));
  assert.ok(!same("?x - 1", "?x -1"));
  assert.ok(!same("# a\n?x", "?x"));
});

test("the cursor stays at its word", () => {
  const before = "select ?x where { ?x a ex:T }";
  const after = format(before);
  for (const word of ["where", "ex:T", "}"]) {
    const to = carried(before, before.indexOf(word) + 1, after);
    assert.equal(after.slice(to - 1, to).toLowerCase(), word[0]);
  }
});
