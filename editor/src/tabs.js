// The row of queries side by side: choose with the arrows, rename with F2, close with Delete, or with the buttons.

import { element, icon } from "./dom.js";
import { nameOf } from "./drafts.js";

const PLUS = "M8 3v10M3 8h10";
const PENCIL = "M3 13l.7-3L11 2.7 13.3 5 6 12.3 3 13z";
const CROSS = "M4 4l8 8M12 4l-8 8";

/** The row over `drafts`; `does` is told what the reader wants: choose, add, close and rename a draft. */
export class Tabs {
  constructor(drafts, words, does) {
    Object.assign(this, { drafts, words, does, made: new WeakMap() });
    this.list = element("div", { class: "editor-list", role: "tablist", "aria-label": words.tabs, keydown: (event) => this.key(event) });
    const button = (path, label, click) => element("button", { type: "button", class: "editor-icon", "aria-label": label, title: label, click }, icon(path));
    this.closer = button(CROSS, words.close, () => does.close(drafts.current));
    this.dom = element(
      "div",
      { class: "editor-tabs" },
      this.list,
      button(PLUS, words.new, () => does.add()),
      button(PENCIL, words.rename, () => this.rename(drafts.current)),
      this.closer,
    );
    this.show();
  }

  /** Draw the row as the drafts are. */
  show() {
    const row = this.drafts.all.map((draft) => this.tabOf(draft));
    if (row.length !== this.list.children.length || row.some((tab, at) => tab !== this.list.children[at])) this.list.replaceChildren(...row);
    for (const [at, draft] of this.drafts.all.entries()) {
      row[at].setAttribute("aria-selected", String(draft === this.drafts.current));
      row[at].tabIndex = draft === this.drafts.current ? 0 : -1;
    }
    this.showName();
    this.current.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The tab of the current draft. */
  get current() {
    return this.tabOf(this.drafts.current);
  }

  /** Draw the name of the current query, which changes as it is written. */
  showName() {
    const name = this.name(this.drafts.current);
    if (this.current.textContent !== name) this.current.textContent = name;
    this.closer.hidden = this.drafts.all.length === 1 && !this.drafts.current.text;
  }

  name(draft) {
    return draft.name || nameOf(draft.text) || this.words.new;
  }

  tabOf(draft) {
    if (!this.made.has(draft)) this.made.set(draft, this.tab(draft));
    return this.made.get(draft);
  }

  tab(draft) {
    return element(
      "button",
      {
        type: "button",
        role: "tab",
        id: `editor-tab-${draft.id}`,
        class: "editor-tab",
        "aria-controls": "editor-text",
        "aria-keyshortcuts": "F2 Delete",
        dir: "auto",
        click: () => this.does.choose(draft),
        dblclick: () => this.rename(draft),
      },
      this.name(draft),
    );
  }

  key(event) {
    if (event.target.getAttribute("role") !== "tab") return;
    const { all, current } = this.drafts;
    const at = all.indexOf(current);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) this.does.choose(all.at(to % all.length));
    else if (event.key === "Delete") this.does.close(current);
    else if (event.key === "F2") this.rename(current);
    else return;
    event.preventDefault();
    if (event.key !== "F2") this.current.focus();
  }

  // The tab becomes a field: Enter or leaving it keeps the name, Escape does not, an empty one is derived again.
  rename(draft) {
    const tab = this.tabOf(draft);
    let isOver = false;
    const finish = (keep) => {
      if (isOver) return;
      isOver = true;
      if (keep) this.does.rename(draft, field.value === this.name(draft) ? draft.name : field.value);
      tab.textContent = this.name(draft);
      this.show();
    };
    const keydown = (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      finish(event.key === "Enter");
      this.current.focus();
    };
    const field = element("input", { class: "editor-name", maxlength: "60", dir: "auto", "aria-label": this.words.name, keydown, blur: () => finish(true) });
    field.value = this.name(draft);
    tab.replaceWith(field);
    field.select();
    field.focus();
  }
}
