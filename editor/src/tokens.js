// The terminals of SPARQL 1.2 (section 19.8 of the specification): one reading of a query for colours, completion and
// layout alike. Nothing is left out: the texts of all tokens and the white space between them are the query.

const HEX = "[0-9A-Fa-f]";
const ESCAPE = `\\\\u${HEX}{4}|\\\\U${HEX}{8}`; // stands for a character anywhere in a query (section 19.2)
const BASE =
  "A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F" +
  "\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const MORE = "\\u00B7\\u0300-\\u036F\\u203F-\\u2040";
const CHARS = `[${BASE}_0-9${MORE}\\-]|${ESCAPE}`;
const START = `[${BASE}_0-9]|${ESCAPE}`;
const PLX = `%${HEX}{2}|\\\\[_~.\\-!$&'()*+,;=/?#@%]`;
const PREFIX = `(?:[${BASE}]|${ESCAPE})(?:(?:${CHARS}|\\.)*(?:${CHARS}))?`;
const LOCAL = `(?:${START}|:|${PLX})(?:(?:${CHARS}|\\.|:|${PLX})*(?:${CHARS}|:|${PLX}))?`;
const DIGITS = "[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)";
const CHARACTER = "\\\\[^\\n\\r]"; // an escape in a string

const KINDS = [
  ["space", "[ \\t\\r\\n\\f\\u00A0\\uFEFF]+"],
  ["comment", "#[^\\r\\n]*"],
  ["iri", `<(?:[^<>"{}|^\`\\\\\\u0000-\\u0020]|${ESCAPE})*>`],
  ["string", `"""(?:"{0,2}(?:[^"\\\\]|\\\\[^]))*"""|'''(?:'{0,2}(?:[^'\\\\]|\\\\[^]))*'''`],
  ["broken", `"""[^]*|'''[^]*`], // a long string without its end takes the rest
  ["string", `"(?:[^"\\\\\\n\\r]|${CHARACTER})*"|'(?:[^'\\\\\\n\\r]|${CHARACTER})*'`],
  ["broken", `["'][^\\n\\r]*`],
  ["variable", `[?$](?:${START})(?:[${BASE}_0-9${MORE}]|${ESCAPE})*`],
  ["language", "@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?"],
  ["blank", `_:(?:${START})(?:(?:${CHARS}|\\.)*(?:${CHARS}))?`],
  ["name", `(?:${PREFIX})?:(?:${LOCAL})?`],
  ["number", `${DIGITS}[eE][+-]?[0-9]+|[+-]?[0-9]*\\.[0-9]+|[+-]?[0-9]+`],
  ["word", `[${BASE}_][${BASE}_0-9${MORE}]*`],
  ["punctuation", "<<\\(|\\)>>|\\{\\||\\|\\}|<<|>>|&&|\\|\\||\\^\\^|!=|<=|>=|[{}()\\[\\].;,~=<>!|/^*+?-]"],
  ["broken", "[^]"],
];
const STICKY = KINDS.map(([kind, source]) => [kind, new RegExp(source, "uy")]);

/** The token at a place of a text: its kind and where it ends. */
export function tokenAt(text, from) {
  for (const [kind, pattern] of STICKY) {
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (found) return { kind, from, to: from + found[0].length, text: found[0] };
  }
  return null;
}

/** Every token of a text in order, white space among them. */
export function tokens(text) {
  const found = [];
  for (let at = 0; at < text.length; at = found.at(-1).to) found.push(tokenAt(text, at));
  return found;
}

/** The tokens that mean something: no white space, no comments. */
export const meaningful = (all) => all.filter(({ kind }) => kind !== "space" && kind !== "comment");

/** Where a line of a string begun with `quote` on an earlier line goes on outside it; -1 when it never does. */
export function endOfLong(line, from, quote) {
  for (let at = from; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line.startsWith(quote, at)) return at + quote.length;
  }
  return -1;
}
