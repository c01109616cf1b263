// What stands under the text: tidying, history, a link, the keys, what happened last, and the mistakes as a list.

import { element, filled } from "./dom.js";
import { nameOf } from "./drafts.js";
import { popup } from "./popup.js";
import { moment } from "./said.js";

const MOST_PROBLEMS = 5;
const PREVIEW = 160; // characters of a query in the history

/** The tools; `does` is told what the reader wants: format, open (a query of the history), link, see (a place). */
export class Tools {
  constructor(runs, words, does) {
    Object.assign(this, { runs, words, does });
    const button = (label, keys, click) => element("button", { type: "button", class: "quiet", ...(keys && { "aria-keyshortcuts": keys, title: keys }), click }, label);
    this.history = popup("editor-history", words.history, () => this.past());
    this.status = element("p", { class: "editor-status", role: "status" });
    this.problems = element("ul", { class: "editor-problems" });
    this.address = element("div", { class: "editor-address", hidden: true });
    this.row = element(
      "div",
      { class: "editor-tools" },
      button(words.format, "Shift+Alt+F", () => does.format()),
      this.history.dom,
      button(words.link, "", () => does.link()),
      popup("editor-keyboard", words.keys, () => [keyList(words)]).dom,
      this.status,
    );
    this.dom = [this.row, this.address, this.problems];
  }

  /** Say what happened last. */
  say(text, isBad = false) {
    this.status.textContent = text;
    this.status.classList.toggle("bad", isBad);
  }

  /** Say what happened and offer to undo it. */
  sayWith(text, label, click) {
    this.say(`${text} `);
    this.status.append(element("button", { type: "button", class: "editor-place", click }, label));
  }

  /** List the mistakes, each with a button to its place and one that mends it, where there is a way. */
  list(problems) {
    const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => this.problem(problem));
    this.problems.replaceChildren(...shown);
  }

  problem({ line, column, message, severity, from, actions }) {
    const place = element("button", { type: "button", class: "editor-place", click: () => this.does.see(from) }, filled(this.words.place, { line, column }));
    const mend = actions.map(({ name, apply }) => element("button", { type: "button", class: "quiet", click: () => this.does.mend(apply) }, name));
    return element("li", { class: `is-${severity}` }, element("strong", {}, this.words[severity]), " ", place, " ", element("span", { dir: "auto" }, message), " ", ...mend);
  }

  /** Show an address to copy by hand, where the browser does not let us. */
  offer(address) {
    const field = element("input", { readonly: true, dir: "ltr", "aria-label": this.words.address, keydown: (event) => event.key === "Escape" && this.withdraw() });
    field.value = address;
    this.address.replaceChildren(field);
    this.address.hidden = false;
    field.focus();
    field.select();
  }

  withdraw() {
    this.address.hidden = true;
  }

  past() {
    const { all } = this.runs;
    if (all.length === 0) return [element("p", { class: "note" }, this.words.never)];
    const rows = all.map((run) => element("li", {}, this.run(run)));
    const forget = element("button", { type: "button", class: "quiet", click: () => this.forget() }, this.words.forget);
    return [element("ul", {}, ...rows), forget];
  }

  run({ text, time }) {
    const click = () => {
      this.history.close();
      this.does.open(text);
    };
    const name = element("span", { class: "editor-run-name", dir: "auto" }, nameOf(text));
    const when = element("time", { datetime: new Date(time).toISOString() }, moment(time, Date.now(), this.words));
    const preview = text.replace(/\s+/gu, " ").trim().slice(0, PREVIEW);
    return element("button", { type: "button", class: "editor-run", click }, name, when, element("code", { dir: "ltr" }, preview));
  }

  forget() {
    this.runs.forget();
    this.history.close();
  }
}

function keyList(words) {
  const command = /Mac|iP/u.test(navigator.platform) ? "⌘" : "Ctrl";
  const rows = [
    [words["keys.run"], `${command}+Enter`],
    [words["keys.cancel"], "Esc"],
    [words["keys.complete"], "Ctrl+Space"],
    [words["keys.format"], "Shift+Alt+F"],
    [words["keys.comment"], `${command}+/`],
    [words["keys.problem"], "F8"],
    [words["keys.leave"], "Esc, Tab"],
    [words["keys.tab"], "F2, Delete"],
  ];
  return element("dl", { class: "editor-keys" }, ...rows.map(([what, keys]) => element("div", {}, element("dt", {}, what), element("dd", {}, element("kbd", { dir: "ltr" }, keys)))));
}
