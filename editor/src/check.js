// Mistakes while typing: the server reads the text, the editor marks what it says.

import { linter } from "@codemirror/lint";
import { stretch } from "./places.js";

const DELAY = 400; // milliseconds of rest before the text is read

const SEVERITIES = new Set(["error", "warning", "info"]);

/** Checking, in a language, by the address `address`; `tell(problems)` hears what was found in the text as it is now. */
export function checking(address, language, tell) {
  let under = null;
  const source = async (view) => {
    under?.abort();
    under = new AbortController();
    const text = view.state.doc.toString();
    const problems = text.trim() ? await asked(address, text, language, under.signal) : [];
    if (problems === null) return [];
    const found = problems.map((problem) => diagnostic(text, problem));
    if (view.state.doc.toString() === text) tell(found);
    return found;
  };
  return linter(source, { delay: DELAY });
}

// What the server says of a text; null when it says nothing, which is no fault of the text.
async function asked(address, text, language, signal) {
  try {
    const headers = { "Content-Type": "application/sparql-query", Accept: "application/json", "Accept-Language": language };
    const answer = await fetch(address, { method: "POST", body: text, headers, signal });
    const { problems } = answer.ok ? await answer.json() : {};
    return Array.isArray(problems) ? problems.filter(({ line, message }) => Number.isInteger(line) && message) : null;
  } catch {
    return null;
  }
}

function diagnostic(text, { line, column, message, severity, fix }) {
  const place = stretch(text, { line, column: column ?? 1 });
  const actions = fix ? [{ name: fix.label, apply: (view) => replace(view, fix.query) }] : [];
  return { ...place, line, column: column ?? 1, message, severity: SEVERITIES.has(severity) ? severity : "error", actions };
}

/** Put another text in place of a view's, as one change that can be undone; what both share at their ends stays. */
export function replace(view, text, cursor) {
  const now = view.state.doc.toString();
  const most = Math.min(now.length, text.length);
  let [from, end] = [0, 0];
  while (from < most && now[from] === text[from]) from++;
  while (end < most - from && now.at(-1 - end) === text.at(-1 - end)) end++;
  view.dispatch({
    changes: { from, to: now.length - end, insert: text.slice(from, text.length - end) },
    ...(cursor !== undefined && { selection: { anchor: cursor }, scrollIntoView: true }),
    userEvent: "input.replace",
  });
}
