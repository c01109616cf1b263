// SPARQL for CodeMirror: the terminals of tokens.js as a stream language, read line by line.

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { endOfLong, tokenAt } from "./tokens.js";
import { isFunction, isKnown } from "./words.js";

const OPENING = new Set(["{", "(", "["]);
const CLOSING = new Set(["}", ")", "]"]);
const LONG_QUOTES = ['"""', "'''"];

const named = {
  prefix: tags.namespace,
  local: tags.name,
  function: tags.function(tags.name),
  variable: tags.variableName,
  iri: tags.url,
  language: tags.modifier,
  broken: tags.invalid,
};

const parser = {
  name: "sparql",
  tokenTable: named,
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] }, indentOnInput: /^\s*[})\]]$/ },
  startState: () => ({ quote: "", depth: 0, isLocal: false }),
  token(stream, state) {
    if (state.quote) return longString(stream, state);
    if (state.isLocal) return localName(stream, state);
    const token = tokenAt(stream.string, stream.pos);
    const opens = LONG_QUOTES.find((quote) => token.text.startsWith(quote));
    if (token.kind === "broken" && opens) {
      state.quote = opens;
      stream.skipToEnd();
      return "string";
    }
    return plain(token, stream, state);
  },
  indent(state, after, context) {
    return Math.max(0, state.depth - (CLOSING.has(after[0]) ? 1 : 0)) * context.unit;
  },
};

function longString(stream, state) {
  const end = endOfLong(stream.string, stream.pos, state.quote);
  if (end < 0) stream.skipToEnd();
  else [stream.pos, state.quote] = [end, ""];
  return "string";
}

// A name is coloured in two parts: its prefix with the colon, then the rest.
function localName(stream, state) {
  state.isLocal = false;
  stream.pos = state.end;
  return "local";
}

function plain(token, stream, state) {
  stream.pos = token.to;
  if (OPENING.has(token.text)) state.depth++;
  if (CLOSING.has(token.text)) state.depth--;
  if (token.kind === "space") return null;
  if (token.kind === "word") return word(token.text);
  if (token.kind === "blank") return "local";
  if (token.kind !== "name") return token.kind;
  const colon = token.text.indexOf(":") + 1;
  if (colon < token.text.length) {
    stream.pos = token.from + colon;
    [state.isLocal, state.end] = [true, token.to];
  }
  return "prefix";
}

function word(text) {
  if (text === "a" || isKnown(text)) return isFunction(text) ? "function" : "keyword";
  return /^(?:true|false)$/iu.test(text) ? "number" : null;
}

const look = HighlightStyle.define([
  { tag: tags.keyword, class: "keyword" },
  { tag: named.function, class: "function" },
  { tag: named.variable, class: "variable" },
  { tag: named.prefix, class: "prefix" },
  { tag: named.local, class: "local" },
  { tag: named.iri, class: "iri" },
  { tag: tags.string, class: "string" },
  { tag: named.language, class: "language" },
  { tag: tags.number, class: "number" },
  { tag: tags.comment, class: "comment" },
  { tag: tags.punctuation, class: "punctuation" },
  { tag: named.broken, class: "broken" },
]);

/** The language and its colours, by class names that the theme knows. */
export const sparql = () => [StreamLanguage.define(parser), syntaxHighlighting(look)];
