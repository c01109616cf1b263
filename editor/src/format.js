// A query laid out: two spaces a bracket, one triple a line, SPARQL's words as SPARQL spells them. Only white space and
// the case of words change: what was read before is read after, token for token, or the text is left alone.

import { meaningful, tokens } from "./tokens.js";
import { isFunction, isKnown, spelled } from "./words.js";

const INDENT = "  ";
const LONG = 60; // a line this long is rather continued on the next one
const CLOSING = { "{": "}", "(": ")", "[": "]", "<<": ">>", "<<(": ")>>", "{|": "|}" };
const CLOSERS = new Set(Object.values(CLOSING));
const words = (text) => new Set(text.split(/\s+/u));
const CLAUSES = words(
  "PREFIX BASE VERSION SELECT CONSTRUCT DESCRIBE ASK FROM GROUP HAVING ORDER LIMIT OFFSET VALUES OPTIONAL SERVICE " +
    "GRAPH BIND MINUS FILTER INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH USING",
);
const PROLOGUE = words("PREFIX BASE VERSION");
const CONSTRAINTS = words("FILTER BIND");
const EXPRESSED = words("FILTER BIND SELECT GROUP HAVING ORDER"); // a round bracket here holds an expression
const GLUED = words("FILTER BIND ASC DESC"); // stand right before their bracket, as functions do
const BEFORE_STAR = words("SELECT DISTINCT REDUCED DESCRIBE");
const NAMES_A_GRAPH = words("INTO SILENT TO CLEAR DROP CREATE ADD MOVE COPY");

/** The query laid out; null when it cannot be read to its end (`mistake` says where). */
export function format(text) {
  const all = tokens(text);
  if (mistake(all) !== null) return null;
  const made = new Layout(written(all)).text();
  return sameTokens(all, tokens(made)) ? made : null;
}

/** Where reading fails: a string without its end, a stray character, a bracket that does not match; null for nowhere. */
export function mistake(all) {
  const open = [];
  for (const token of meaningful(all)) {
    if (token.kind === "broken") return token.from;
    if (token.kind !== "punctuation") continue;
    if (CLOSING[token.text]) open.push(token);
    else if (CLOSERS.has(token.text) && CLOSING[open.pop()?.text] !== token.text) return token.from;
  }
  return open.at(-1)?.from ?? null;
}

/** Whether two readings say the same: token for token, SPARQL's words in any case. */
export function sameTokens(before, after) {
  const said = (all) =>
    all
      .filter(({ kind }) => kind !== "space")
      .map(({ kind, text }) => `${kind} ${kind === "word" ? spelled(text) : text.trimEnd()}`);
  const [one, other] = [said(before), said(after)];
  return one.length === other.length && one.every((token, index) => token === other[index]);
}

/** Where in the text laid out a place of the text before has come to: after as many letters that are no white space. */
export function carried(before, at, after) {
  const count = before.slice(0, at).replace(/\s+/gu, "").length;
  let [passed, to] = [0, 0];
  while (passed < count && to < after.length) if (/\S/u.test(after[to++])) passed++;
  return to;
}

// The tokens that are written, without white space: as they will stand, with the line ends that were before each, and
// with the place of its end for every opening bracket.
function written(all) {
  const found = [];
  const open = [];
  let lines = 0;
  for (const token of all) {
    if (token.kind === "space") {
      lines = token.text.split("\n").length - 1;
      continue;
    }
    const mark = token.kind === "punctuation" ? token.text : "";
    const word = token.kind === "word" && isKnown(token.text) ? spelled(token.text) : "";
    if (CLOSING[mark]) open.push(found.length);
    if (CLOSERS.has(mark)) found[open.pop()].end = found.length;
    const isSign = (mark === "-" || mark === "+") && !endsOperand(found.findLast(({ kind }) => kind !== "comment"));
    found.push({ ...token, mark, word, lines, isSign, text: word || token.text.trimEnd() });
    lines = 0;
  }
  return found;
}

// One pass with a stack of scopes, one for every open bracket and one for the query itself. What a scope is of:
// "group" { }, "rows" and "row" (the data of VALUES), "expression" ( ), "terms" (paths, lists, [ ], << >>, {| |}).
class Layout {
  constructor(all) {
    this.all = all;
    this.lines = [];
    this.line = "";
    this.indent = 0;
    this.scopes = [{ of: "group", level: 0, outer: 0, clause: "", listing: 0 }];
    this.last = { mark: "", word: "", kind: "", text: "" };
    this.wish = ""; // "line": the next token begins one, unless it ends what stands before; "must": it does
  }

  text() {
    this.all.forEach((token, index) => {
      if (token.kind === "comment") this.comment(token);
      else if (CLOSERS.has(token.mark)) this.close(token);
      else this.write(token, index);
      this.last = token;
    });
    this.finish();
    return `${this.lines.join("\n")}\n`;
  }

  get scope() {
    return this.scopes.at(-1);
  }

  comment(token) {
    if (this.line !== "" && token.lines > 0) this.begin(token);
    this.put(this.line ? " " : "", token.text);
    this.wish = "must";
  }

  write(token, index) {
    if (this.begins(token)) this.begin(token);
    this.put(this.line && this.isApart(token) ? " " : "", token.text);
    this.wish = "";
    if (this.scope.of === "group") this.note(token);
    if (this.scope.of === "row" && this.scope.wide) this.wish = "line";
    if (token.mark === ";") this.endPredicate();
    if (token.end !== undefined) this.open(token, index);
  }

  note({ mark, word }) {
    if (CLAUSES.has(word) && !this.isGraphOfUpdate(word)) this.scope.clause = word;
    if (word === "WHERE" || mark === ".") this.scope.clause = "";
    if (mark === ".") this.scope.listing = 0;
    if (mark === ".") this.wish = "line";
  }

  endPredicate() {
    const { scope } = this;
    if (scope.of === "group") scope.listing = scope === this.scopes[0] ? 0 : 1;
    if (scope.of === "group" || scope.wide) this.wish = "line";
  }

  open(token, index) {
    const of = this.kindOf(token);
    const wide = this.isWide(of, token, index);
    this.scopes.push({ of, wide, level: this.indent + 1, outer: this.indent, clause: "", listing: 0 });
    this.wish = wide ? "line" : "";
  }

  close(token) {
    const was = this.scopes.pop();
    const isEmpty = CLOSING[this.last.mark] === token.mark;
    if (this.wish === "must" || (was.wide && !isEmpty)) this.finish();
    if (this.line === "") this.indent = was.outer;
    this.put(this.line === "" || isEmpty || token.mark === ")" ? "" : " ", token.text);
    this.wish = this.wishAfter(was);
  }

  wishAfter(was) {
    const { scope } = this;
    if (scope.of === "rows") return "line";
    if (scope.of !== "group") return scope.wide && scope.of === "row" ? "line" : "";
    const isOver = CONSTRAINTS.has(scope.clause) || was.of === "group" || was.of === "rows" || was.of === "row";
    if (isOver) scope.clause = "";
    return isOver ? "line" : "";
  }

  // ---- lines

  begins(token) {
    if (this.line === "" || this.wish === "must") return true;
    if (this.wish === "line") return this.scope.of === "row" ? this.isApart(token) : !this.isEnd(token);
    if (this.scope.of === "expression") return (token.mark === "&&" || token.mark === "||") && this.line.length > LONG;
    if (this.scope.of !== "group") return false;
    if (token.word === "WHERE") return this.line.length > LONG || this.scope.clause === "FROM";
    if (token.mark === "{") return this.scope.clause === "" && this.last.word === "" && this.last.mark !== "";
    return CLAUSES.has(token.word) && !this.isGraphOfUpdate(token.word);
  }

  isEnd({ mark, word }) {
    return mark === "." || mark === ";" || mark === "," || word === "UNION";
  }

  begin(token) {
    const { scope } = this;
    const isAfterPrologue = PROLOGUE.has(scope.clause) && !PROLOGUE.has(token.word) && token.kind !== "comment";
    const isFirst = this.lines.length === 0 && this.line === "";
    const isOpening = this.last.end !== undefined;
    this.finish(!isFirst && !isOpening && (token.lines > 1 || isAfterPrologue));
    if (CLAUSES.has(token.word)) scope.listing = 0;
    this.indent = scope.level + scope.listing;
  }

  finish(blank = false) {
    if (this.line !== "") this.lines.push(INDENT.repeat(this.indent) + this.line);
    if (blank && this.lines.at(-1)) this.lines.push("");
    this.line = "";
  }

  put(space, text) {
    this.line += space + text;
  }

  isGraphOfUpdate(word) {
    return word === "GRAPH" && NAMES_A_GRAPH.has(this.last.word);
  }

  // ---- brackets

  kindOf({ mark }) {
    if (mark === "{") return this.scope.clause === "VALUES" ? (this.last.mark === ")" ? "rows" : "row") : "group";
    if (mark !== "(") return "terms";
    const { of, clause } = this.scope;
    return of === "expression" || isFunction(this.last.text) || (of === "group" && EXPRESSED.has(clause))
      ? "expression"
      : "terms";
  }

  isWide(of, { mark, end }, index) {
    if (end === index + 1) return false;
    if (of === "group" || of === "rows") return true;
    const inside = this.all.slice(index + 1, end);
    if (of === "row") return this.line.length + inside.reduce((sum, { text }) => sum + text.length + 1, 0) > LONG;
    return mark === "[" && holdsSeveral(inside);
  }

  // ---- spaces

  isApart(token) {
    const { last } = this;
    if (token.kind === "language" || [",", "^^"].includes(token.mark) || ["(", "^^"].includes(last.mark)) return false;
    if (last.mark === "[" && token.mark === "]") return false;
    if (token.mark === "(" && this.isCalled()) return false;
    return this.scope.of === "expression" ? this.isApartInExpression(token) : this.isApartInPath(token);
  }

  // Whether the bracket to come belongs to what stands before it: a function, or a name where no list can stand.
  isCalled() {
    const { last, scope } = this;
    if (last.word) return isFunction(last.word) || GLUED.has(last.word);
    const isNamed = last.kind === "name" || last.kind === "iri";
    return isNamed && (scope.of === "expression" || (scope.of === "group" && EXPRESSED.has(scope.clause)));
  }

  isApartInExpression(token) {
    const { last } = this;
    if (token.mark === ";" || last.mark === "!") return false;
    return !last.isSign || token.kind === "number"; // before a number the sign would be read as its own
  }

  isApartInPath(token) {
    const { last } = this;
    if (["/", "|", "^", "!"].includes(last.mark) || ["/", "|"].includes(token.mark)) return false;
    return !["*", "+", "?"].includes(token.mark) || BEFORE_STAR.has(last.word);
  }
}

const OPERANDS = words("iri string variable language blank name number");
const endsOperand = (token) => token !== undefined && (OPERANDS.has(token.kind) || token.mark === ")");

function holdsSeveral(inside) {
  let depth = 0;
  return inside.some(({ mark }) => {
    if (CLOSING[mark]) depth++;
    if (CLOSERS.has(mark)) depth--;
    return mark === ";" && depth === 0;
  });
}
