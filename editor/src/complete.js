// Completion: the dataset's prefixes, classes and properties with their labels and counts, SPARQL's words, variables.

import { autocompletion, startCompletion } from "@codemirror/autocomplete";
import { element, filled } from "./dom.js";
import { fitting, folded, functions, keywords, prefixes, prepared, typed, variables } from "./matches.js";
import { count } from "./said.js";

const MARKS = { class: "C", property: "P", prefix: ":", variable: "?", function: "ƒ", keyword: "" };

const NOTHING = { prefixes: {}, terms: [] };

/** The dataset's vocabulary at an address, fetched when it is first wanted; after a failure, when asked for again. */
export function vocabulary(address) {
  let wanted = null;
  let hasFailed = false;
  const fetched = async () => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const { prefixes: namespaces, terms } = await answer.json();
    return { prefixes: namespaces, terms: terms.map(prepared) };
  };
  const failed = () => {
    hasFailed = true;
    return NOTHING;
  };
  return (isAgain = false) => {
    if (hasFailed && isAgain) [wanted, hasFailed] = [null, false];
    return (wanted ??= fetched().catch(failed));
  };
}

/** Completion over a vocabulary (`{prefixes, terms}` or a promise of it, by `load`), speaking `words`. */
export function completion(load, words, language) {
  const source = async (context) => {
    const place = typed(context.state.sliceDoc(0, context.pos));
    if (!place || (place.kind === "nothing" && !context.explicit) || (place.kind === "iri" && place.text.length < 3)) return null;
    const options = offered(place, context.state.doc.toString(), await load(context.explicit));
    return options.length ? { from: place.from, options: options.map(shown), filter: false, getMatch: matched(place.text) } : null;
  };
  return autocompletion({
    override: [source],
    icons: false,
    maxRenderedOptions: 50,
    optionClass: ({ type }) => `is-${type}`,
    addToOptions: [
      { render: ({ type }) => element("span", { class: "mark", "aria-hidden": "true" }, MARKS[type]), position: 10 },
      { render: labelled, position: 80 },
      { render: ({ term }) => (term ? element("span", { class: "uses" }, count(term.count, language)) : null), position: 90 },
    ],
  });

  function shown(option) {
    return option.term ? { ...option, info: () => described(option.term, words, language) } : option;
  }
}

function labelled({ term, beside }) {
  const text = term ? term.label : beside;
  return text ? element("span", { class: "label", ...(term?.language && { lang: term.language }) }, text) : null;
}

// Beside the chosen option, where there is room: what the term is called elsewhere, what it is, how much it is used.
function described({ kind, count: number, others, label }, words, language) {
  const uses = filled(kind === "class" ? words.members : words.statements, { count: count(number, language) });
  const names = [label, ...others].filter(Boolean).map((name) => element("p", { class: "named" }, name));
  return element("div", {}, ...names, element("p", { class: "use" }, `${words[kind]} · ${uses}`));
}

function offered(place, text, { prefixes: namespaces, terms }) {
  const { kind, text: begun, wanted } = place;
  if (kind === "variable") return variables(text, place.from).filter((name) => folded(name).startsWith(folded(begun).replace("$", "?"))).map(variable);
  if (kind === "declaration") return prefixes(namespaces, begun).map(([name, iri]) => ({ ...prefix([name, iri]), apply: `${name}: <${iri}>` }));
  const found = fitting(terms, begun, wanted).map(term);
  if (kind === "iri" || begun.includes(":")) return found;
  if (kind === "nothing") return wanted ? [...found, ...variables(text, -1).map(variable)] : [...variables(text, -1).map(variable), ...keywords("").map(keyword)];
  const own = [...keywords(begun).map(keyword), ...functions(begun).map(called)];
  const names = prefixes(namespaces, begun).map(prefix);
  return wanted ? [...names, ...found, ...own] : [...own, ...names, ...found];
}

const variable = (label) => ({ label, type: "variable" });
const keyword = (label) => ({ label, type: "keyword" });
const called = (label) => ({ label, type: "function", apply: applyCall });
const term = (one) => ({ label: one.text, type: one.kind, term: one });
const prefix = ([name, iri]) => ({ label: `${name}:`, type: "prefix", beside: iri, apply: applyPrefix });

// A prefix is only a beginning: what it may go on with is offered at once.
function applyPrefix(view, { label }, from, to) {
  view.dispatch({ changes: { from, to, insert: label }, selection: { anchor: from + label.length }, userEvent: "input.complete" });
  startCompletion(view);
}

// A function comes with its brackets, the cursor between them, unless one is there already.
function applyCall(view, { label }, from, to) {
  const brackets = view.state.sliceDoc(to, to + 1) === "(" ? "" : "()";
  view.dispatch({ changes: { from, to, insert: label + brackets }, selection: { anchor: from + label.length + 1 }, userEvent: "input.complete" });
}

// Where in an option the typed text stands, for underlining: only where it is written so.
const matched = (begun) => ({ label }) => {
  const at = folded(label).indexOf(folded(begun));
  return begun && at >= 0 ? [at, at + begun.length] : [];
};
