// Which terms, words and variables fit what is being typed; plain values, so that a test can ask.

import { meaningful, tokens } from "./tokens.js";
import { FUNCTIONS, KEYWORDS } from "./words.js";

const MOST = 50;
const TYPE = new Set(["a", "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]);
const TERMS = new Set(["variable", "name", "iri", "blank"]);
const PATH_MARKS = new Set(["^", "/", "|", "!"]);
const UNFINISHED_IRI = /<[^<>"{}|^`\\\s]*$/u;

export const folded = (text) => text.normalize("NFC").toLowerCase();

/** What stands before the cursor: the kind of thing being typed, where it begins, and what would fit there. */
export function typed(before) {
  const iri = UNFINISHED_IRI.exec(before);
  if (iri && !inText(before.slice(0, iri.index))) return { kind: "iri", from: iri.index, text: iri[0], wanted: wanted(before.slice(0, iri.index)) };
  const all = tokens(before);
  const last = all.at(-1);
  if (!last || last.kind === "space") return { kind: "nothing", from: before.length, text: "", wanted: wanted(before) };
  const rest = before.slice(0, last.from);
  if (last.kind === "variable" || last.text === "?" || last.text === "$") return { kind: "variable", from: last.from, text: last.text };
  if (last.kind === "word" || last.kind === "name") {
    const kind = isDeclaration(rest) ? "declaration" : "term";
    return { kind, from: last.from, text: last.text, wanted: wanted(rest) };
  }
  if (last.kind === "punctuation") return { kind: "nothing", from: before.length, text: "", wanted: wanted(before) };
  return null; // in a comment, a string, a number
}

const inText = (before) => ["comment", "broken"].includes(tokens(before).at(-1)?.kind);

const isDeclaration = (before) => /^prefix$/iu.test(meaningful(tokens(before)).at(-1)?.text ?? "");

/** "class" or "property" where only one of them makes sense after this text, else "". */
export function wanted(before) {
  const all = meaningful(tokens(before));
  const [last, other] = [all.at(-1), all.at(-2)];
  if (!last) return "";
  if (TYPE.has(last.text)) return "class";
  if (last.text === ";" || (PATH_MARKS.has(last.text) && last.kind === "punctuation")) return "property";
  const begins = other?.kind === "punctuation" && ["{", ".", "}", ")"].includes(other.text);
  return TERMS.has(last.kind) && begins ? "property" : "";
}

/** A term with everything it can be found by. */
export function prepared({ t, k, n, l = "", g = "", o = [] }) {
  const [prefix, local] = t.startsWith("<") ? ["", t.slice(1, -1)] : [t.slice(0, t.indexOf(":") + 1), t.slice(t.indexOf(":") + 1)];
  const labels = [l, ...o].filter(Boolean).map(folded);
  return { text: t, kind: k === "c" ? "class" : "property", count: n, label: l, language: g, others: o, prefix: folded(prefix), local: folded(local), labels };
}

// How well a term fits, 0 best; -1 when it does not.
function fit(term, prefix, rest) {
  if (prefix && term.prefix !== prefix) return -1;
  if (term.local.startsWith(rest) || (!prefix && (term.prefix + term.local).startsWith(rest))) return 0;
  if (term.labels.some((label) => label.startsWith(rest))) return 1;
  if (term.labels.some((label) => wordStart(label, rest))) return 2;
  return rest.length > 1 && [term.local, ...term.labels].some((text) => text.includes(rest)) ? 3 : -1;
}

const wordStart = (label, rest) => [" ", "-", "(", "„"].some((mark) => label.includes(mark + rest));

/** The terms that fit, best first: what is wanted at the place before the rest, then the most used. */
export function fitting(terms, text, wish) {
  const colon = text.indexOf(":");
  const isIri = text.startsWith("<");
  const [prefix, rest] = isIri || colon < 0 ? ["", folded(text.replace(/^</u, ""))] : [folded(text.slice(0, colon + 1)), folded(text.slice(colon + 1))];
  return terms
    .filter((term) => !isIri || term.text.startsWith("<"))
    .map((term) => ({ term, rank: fit(term, prefix, rest), away: wish && term.kind !== wish ? 1 : 0 }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, two) => one.away - two.away || one.rank - two.rank || two.term.count - one.term.count)
    .slice(0, MOST)
    .map(({ term }) => term);
}

const begin = (known, text) => known.filter((word) => word.toLowerCase().startsWith(text.toLowerCase()));

/** The words and functions of SPARQL that begin so. */
export const keywords = (text) => begin(KEYWORDS, text);
export const functions = (text) => begin(FUNCTIONS, text);

/** The prefixes that begin so, with their namespaces. */
export const prefixes = (all, text) => Object.entries(all).filter(([name]) => folded(name).startsWith(folded(text.replace(/:.*$/u, ""))));

/** The variables of a text, the one at the cursor left out. */
export function variables(text, from) {
  const names = tokens(text).filter((token) => token.kind === "variable" && token.from !== from);
  return [...new Set(names.map((token) => token.text))];
}
