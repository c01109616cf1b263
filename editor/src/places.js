// From a line and a column, as the server counts them, to a stretch of the text.

import { tokens } from "./tokens.js";

/** The stretch that a problem is about: the token at its place, or the last one before it. `line` and `column` from 1. */
export function stretch(text, { line, column }) {
  const at = offset(text, line, column);
  const all = tokens(text).filter(({ kind }) => kind !== "space");
  const token = all.find(({ from, to }) => from <= at && at < to) ?? all.findLast(({ to }) => to <= at);
  if (!token) return { from: 0, to: text.length };
  const end = token.text.search(/[\r\n]/u); // of what runs over several lines, the first shows the place
  const from = token.from <= at && at < token.to ? at : token.from;
  return { from, to: end >= 0 && from < token.from + end ? token.from + end : token.to };
}

// Columns count characters, JavaScript counts halves of some.
function offset(text, line, column) {
  const lines = text.split(/\r\n|\r|\n/u);
  const row = Math.min(Math.max(line, 1), lines.length) - 1;
  const before = [...lines[row]].slice(0, Math.max(column - 1, 0)).join("").length;
  return lines.slice(0, row).reduce((sum, one) => sum + one.length + 1, 0) + before;
}
