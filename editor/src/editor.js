// The query page's form with an editor in place of its text field. The field stays in the form and says the same, so
// that what leaves the page is what would leave it without this script.

import { forceLinting } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { Asking, isTooLong, permalink, reveal } from "./answer.js";
import { checking, replace } from "./check.js";
import { completion, vocabulary } from "./complete.js";
import { element, filled } from "./dom.js";
import { Drafts, Runs } from "./drafts.js";
import { carried, format, mistake } from "./format.js";
import { seconds } from "./said.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { setup } from "./text.js";
import { tokens } from "./tokens.js";
import { Tools } from "./tools.js";

const REST = 300; // milliseconds without a key before the text is kept

class Editor {
  constructor(form) {
    this.form = form;
    this.field = form.elements.query;
    this.format = form.elements.format;
    this.button = form.querySelector("[type=submit]");
    this.label = form.querySelector(`label[for="${this.field.id}"]`);
    this.words = JSON.parse(form.dataset.words);
    this.language = document.documentElement.lang;
    const store = new Store(form.dataset.mount ?? "/");
    this.runs = new Runs(store);
    this.drafts = new Drafts(store);
    this.states = new Map(); // by the draft's id: its text with undo and cursor, while it is not shown
    this.problems = 0;
    this.begin();
    this.build();
    this.listen();
  }

  // A query in the address, or one just answered, has come to be seen; else the reader goes on where they were.
  begin() {
    const isAsked = new URLSearchParams(location.search).has("query") || document.getElementById("answer")?.childElementCount > 0;
    if (isAsked || this.drafts.current.text.trim() === "") this.drafts.open(this.field.value);
    this.seen = location.pathname + location.search;
    history.replaceState({ draft: this.drafts.current.id }, "");
  }

  build() {
    this.asking = new Asking(this.hearing());
    this.tabs = new Tabs(this.drafts, this.words, {
      choose: (draft) => this.show(this.drafts.choose(draft)),
      add: () => this.go(this.drafts.add("")),
      close: (draft) => this.close(draft),
      rename: (draft, name) => this.drafts.rename(draft, name),
    });
    this.tools = new Tools(this.runs, this.words, {
      format: () => this.tidy(),
      open: (text) => this.go(this.drafts.open(text)),
      link: () => this.link(),
      see: (place) => this.see(place),
      mend: (apply) => this.mend(apply),
    });
    this.frame = element("div", { id: "editor-text", class: "editor-text", role: "tabpanel", dir: "ltr", translate: "no" });
    // In a shadow root the component's looks are a constructed style sheet; in a page they would be a style element.
    const root = this.frame.attachShadow({ mode: "open" });
    this.extensions = this.setup();
    this.showing = this.drafts.current.id;
    this.view = new EditorView({ state: this.state(this.drafts.current), parent: root, root });
    this.field.before(element("div", { class: "editor" }, this.tabs.dom, this.frame, ...this.tools.dom));
    this.field.hidden = true;
    this.field.value = this.drafts.current.text;
    this.showTabs();
  }

  setup() {
    const { terms, check } = this.form.dataset;
    const load = terms ? vocabulary(terms) : null;
    const keys = [
      { key: "Mod-Enter", run: () => (this.form.requestSubmit(), true) },
      { key: "Shift-Alt-f", run: () => (this.tidy(), true) },
      { key: "Escape", run: () => this.stop() },
    ];
    return setup(this.label?.textContent.trim() ?? this.words.name, this.words, keys, [
      load ? [completion(load, this.words, this.language), EditorView.domEventHandlers({ focus: () => void load() })] : [],
      check ? checking(check, this.language, (problems) => this.found(problems)) : [],
      EditorView.updateListener.of((update) => update.docChanged && this.changed()),
    ]);
  }

  listen() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) this.form.requestSubmit();
    });
    this.button.addEventListener("click", (event) => event.detail > 1 && event.preventDefault()); // running, then cancelling at once
    document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.stop());
    this.label?.addEventListener("click", () => this.view.focus());
    addEventListener("popstate", (event) => this.back(event.state));
    addEventListener("pagehide", () => this.drafts.keep());
  }

  // ---- the text

  get text() {
    return this.view.state.doc.toString();
  }

  state(draft) {
    const known = this.states.get(draft.id);
    return known?.doc.toString() === draft.text ? known : EditorState.create({ doc: draft.text, extensions: this.extensions });
  }

  changed() {
    this.field.value = this.text;
    this.drafts.write(this.drafts.current, this.text);
    this.tabs.showName();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.drafts.keep(), REST);
  }

  // Show the current draft: another one with its own undo, or the same one with what it says now.
  show(draft) {
    if (draft.id !== this.showing) {
      this.states.set(this.showing, this.view.state);
      this.showing = draft.id;
      this.view.setState(this.state(draft));
      this.field.value = draft.text;
      this.tools.list([]);
      this.tools.say("");
    } else if (draft.text !== this.text) replace(this.view, draft.text);
    this.showTabs();
  }

  showTabs() {
    this.tabs.show();
    this.frame.setAttribute("aria-labelledby", this.tabs.current.id);
  }

  go(draft) {
    this.show(draft);
    this.view.focus();
  }

  close(draft) {
    const at = this.drafts.all.indexOf(draft);
    const name = this.tabs.name(draft);
    this.show(this.drafts.close(draft));
    if (!draft.text.trim()) return;
    this.tools.sayWith(filled(this.words.closed, { name }), this.words.reopen, () => this.go(this.drafts.reopen(draft, at)));
  }

  tidy() {
    const { text } = this;
    if (!text.trim()) return;
    const made = format(text);
    if (made !== null) {
      replace(this.view, made, carried(text, this.view.state.selection.main.head, made));
      this.tools.say("");
      return;
    }
    const { number } = this.view.state.doc.lineAt(mistake(tokens(text)) ?? 0);
    this.tools.say(filled(this.words.unformatted, { line: number }), true);
  }

  // ---- mistakes

  found(problems) {
    this.tools.list(problems);
    if (problems.length !== this.problems) this.tools.say(problems.length ? filled(this.words.problems, { count: problems.length }) : "");
    this.problems = problems.length;
  }

  see(place) {
    this.view.dispatch({ selection: { anchor: Math.min(place, this.view.state.doc.length) }, scrollIntoView: true });
    this.view.focus();
  }

  mend(apply) {
    apply(this.view);
    this.view.focus();
  }

  // ---- asking

  submit(event) {
    if (this.asking.isUnderWay) {
      event.preventDefault();
      this.asking.cancel();
      return;
    }
    this.field.value = this.text;
    this.runs.add(this.text, Date.now());
    this.drafts.keep();
    const address = permalink(this.form);
    if (isTooLong(address)) this.post();
    else if (this.format.value === "") {
      event.preventDefault();
      this.asking.ask(address, () => this.enter(address));
    }
  }

  // This once the form goes as a body, and the page with the answer has no address of its own.
  post() {
    this.form.method = "post";
    setTimeout(() => (this.form.method = "get"));
  }

  enter(address) {
    const state = { draft: this.drafts.current.id };
    if (address === this.seen) history.replaceState(state, "", address);
    else history.pushState(state, "", address);
    this.seen = address;
  }

  back(state) {
    const address = location.pathname + location.search;
    if (address === this.seen) return; // only the fragment changed
    this.seen = address;
    const text = new URLSearchParams(location.search).get("query");
    if (text !== null) this.show(this.remembered(state?.draft, text));
    this.asking.again(address);
  }

  remembered(id, text) {
    const draft = this.drafts.all.find((one) => one.id === id);
    if (!draft) return this.drafts.open(text);
    this.drafts.write(draft, text);
    return this.drafts.choose(draft);
  }

  stop() {
    const { isUnderWay } = this.asking;
    this.asking.cancel();
    return isUnderWay;
  }

  hearing() {
    const label = this.button.textContent;
    const wait = (time) => (this.button.textContent = filled(this.words.cancel, { seconds: Math.floor(time) }));
    const over = (text, isBad) => {
      this.button.textContent = label;
      this.button.classList.remove("is-running");
      this.tools.say(text, isBad);
    };
    return {
      begun: () => {
        this.button.classList.add("is-running");
        this.tools.say(this.words.running);
        wait(0);
      },
      passed: wait,
      done: (time, isGood) => {
        over(isGood ? filled(this.words.answered, { seconds: seconds(time, this.language) }) : this.words.refused, !isGood);
        if (!isGood) forceLinting(this.view);
        reveal();
      },
      cancelled: () => over(this.words.cancelled),
      failed: () => over(this.words.unreachable, true),
    };
  }

  link() {
    const address = new URL(permalink(this.form, true), location.href).href;
    if (isTooLong(address)) this.tools.say(this.words.long, true);
    else if (!navigator.clipboard) this.tools.offer(address);
    else
      navigator.clipboard.writeText(address).then(
        () => this.tools.say(this.words.copied),
        () => this.tools.offer(address),
      );
  }
}

const form = document.querySelector("form.query[data-words]");
if (form) new Editor(form);
