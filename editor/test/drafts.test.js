import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts, Runs, nameOf } from "../src/drafts.js";
import { Store } from "../src/store.js";

const NAMES = [
  ["its first comment", "# People of a network\nSELECT * {}", "People of a network"],
  ["a comment in one language", "# ka: ქსელის წევრები\nASK {}", "ქსელის წევრები"],
  ["the words after the prologue", "PREFIX a: <b>\nbase <c> SELECT ?x WHERE { ?x ?p ?o }", "SELECT ?x WHERE { ?x ?p ?o }"],
  ["the beginning of many words", `SELECT ${"?x ".repeat(30)}`, "SELECT ?x ?x ?x ?x ?x ?x ?x ?x…"],
  ["nothing, when there is nothing", " \n", ""],
  ["nothing but the prologue", "PREFIX a: <b>", ""],
];

for (const [what, text, name] of NAMES) test(`a query is called by ${what}`, () => assert.equal(nameOf(text), name));

class Memory {
  kept = new Map();
  getItem = (name) => this.kept.get(name) ?? null;
  setItem = (name, value) => void this.kept.set(name, value);
}

const shop = (memory = new Memory()) => new Store("/", () => memory);
const texts = (drafts) => drafts.all.map(({ text }) => text);

test("what was written is there on the next visit, and the same one is open", () => {
  const store = shop();
  const drafts = new Drafts(store);
  drafts.write(drafts.current, "one");
  drafts.add("two");
  drafts.choose(drafts.all[0]);
  const again = new Drafts(store);
  assert.deepEqual(texts(again), ["one", "two"]);
  assert.equal(again.current.text, "one");
});

test("a query from a link takes an empty or a fresh place, never one that was written", () => {
  const drafts = new Drafts(shop());
  drafts.open("linked");
  drafts.open("another");
  assert.deepEqual(texts(drafts), ["another"]);
  drafts.write(drafts.current, "another, changed");
  drafts.open("third");
  assert.deepEqual(texts(drafts), ["another, changed", "third"]);
  assert.equal(drafts.open("another, changed").text, "another, changed");
  assert.equal(drafts.all.length, 2);
});

test("closing goes to the neighbour, the last one leaves an empty one, and it can come back", () => {
  const drafts = new Drafts(shop());
  drafts.write(drafts.current, "one");
  const two = drafts.add("two");
  drafts.close(two);
  assert.equal(drafts.current.text, "one");
  drafts.reopen(two, 1);
  assert.deepEqual([texts(drafts), drafts.current], [["one", "two"], two]);
  drafts.close(drafts.all[0]);
  drafts.close(drafts.all[0]);
  assert.deepEqual(texts(drafts), [""]);
});

test("two windows lose nothing of each other", () => {
  const store = shop();
  let time = 0;
  const clock = () => ++time;
  const one = new Drafts(store, clock);
  one.write(one.current, "first");
  one.keep();
  const two = new Drafts(store, clock);
  two.add("second");
  two.write(two.all[0], "first, changed");
  two.keep();
  one.add("third");
  const after = texts(new Drafts(store, clock));
  assert.deepEqual(after.sort(), ["first, changed", "second", "third"]);
});

test("there are never more than thirty", () => {
  const drafts = new Drafts(shop());
  for (let count = 0; count < 40; count++) drafts.add(`query ${count}`);
  assert.equal(drafts.all.length, 30);
  assert.equal(drafts.current.text, "query 39");
});

const SPOILED = ["null", "5", "{", '{"all":5}', '{"all":[{"id":1,"text":2},null,{"text":"x"}]}', '[["a"]]'];

for (const text of SPOILED)
  test(`a spoiled memory is no memory: ${text}`, () => {
    const memory = new Memory();
    for (const name of ["drafts", "runs"]) memory.setItem(`kgpub:/:${name}`, text);
    assert.deepEqual(texts(new Drafts(shop(memory))), [""]);
    assert.deepEqual(new Runs(shop(memory)).all, []);
  });

test("where nothing can be kept, the visit goes on", () => {
  const store = new Store("/", () => {
    throw new Error("forbidden");
  });
  const drafts = new Drafts(store);
  drafts.add("two");
  new Runs(store).add("two", 1);
  assert.deepEqual(texts(drafts), ["", "two"]);
});

test("the last fifty that were run, each once, the last one first", () => {
  const runs = new Runs(shop());
  for (let count = 0; count < 60; count++) runs.add(`query ${count}`, count);
  runs.add("query 30", 100);
  assert.equal(runs.all.length, 50);
  assert.deepEqual(runs.all.slice(0, 2).map(({ text }) => text), ["query 30", "query 59"]);
  assert.equal(runs.all.filter(({ text }) => text === "query 30").length, 1);
  runs.forget();
  assert.deepEqual(runs.all, []);
});

test("two sites on one host keep their own", () => {
  const memory = new Memory();
  new Store("/a/", () => memory).write("runs", 1);
  assert.equal(new Store("/b/", () => memory).read("runs"), undefined);
});
