// An answer that can be sorted, filtered and paged, and drawn as a chart, a map or a graph.
// The page is complete without this file: what it needs stands in the table, what it says in data-words.

import { button, cellText, make, moment, on } from "./results-parts.js";

const ROWS_KEPT = "kgpub.rows";
const SIZES = [25, 100, Infinity];
const FEW = 8; // rows that need no filter

// ---- the reader's language

class Voice {
  constructor(words) {
    this.words = words;
    this.numerals = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
    this.collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  }

  say(key, values = {}) {
    return String(this.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // As the page itself writes numbers: no browser knows every language.
  number(value) {
    const marks = { group: this.words.group, decimal: this.words.mark, minusSign: "−" };
    return this.numerals.formatToParts(value).map((part) => marks[part.type] ?? part.value).join("");
  }

  month(time, withYear) {
    const date = new Date(time);
    const name = this.words.months[date.getUTCMonth()];
    return withYear ? `${name} ${date.getUTCFullYear()}` : `${date.getUTCDate()} ${name}`;
  }
}

// ---- the answer: one order, one filter, one page, and whoever shows it

// What a column is sorted by: numbers, or text; null where nothing is bound.
const sortKey = (kind) => (row, column) => {
  const cell = row.cells[column];
  if (cell.querySelector(":scope > .none")) return null;
  const key = cell.dataset.value ?? cellText(row, column);
  const value = kind === "number" ? Number(key) : kind === "date" ? moment(key) : key;
  return Number.isNaN(value) ? null : value;
};

// ---- the answer: one order, one filter, one page, and whoever shows it

const textOf = (row) => [...row.cells].map((cell) => cell.textContent).join("  ");

class Answer {
  constructor(table, voice) {
    this.table = table;
    this.voice = voice;
    this.body = table.tBodies[0];
    this.heads = [...table.tHead.rows[0].cells];
    this.names = this.heads.map((head) => head.textContent);
    this.rows = [...this.body.rows];
    this.texts = null;
    this.sorted = null;
    this.words = "";
    this.page = 0;
    this.size = this.keptSize();
    this.watchers = [];
  }

  // The rows that the filter leaves, in order.
  get current() {
    const rows = this.sorted ? this.inOrder() : this.rows;
    if (!this.words) return rows;
    this.texts ??= new Map(this.rows.map((row) => [row, this.folded(textOf(row))]));
    return rows.filter((row) => this.texts.get(row).includes(this.words));
  }

  inOrder() {
    const { column, down } = this.sorted;
    const key = sortKey(this.heads[column].dataset.kind);
    const keyed = this.rows.map((row) => [key(row, column), row]);
    const compare = (one, other) => (typeof one === "number" ? one - other : this.voice.collator.compare(one, other));
    keyed.sort(([one], [other]) => {
      if (one === null || other === null) return (one === null) - (other === null);
      return down ? compare(other, one) : compare(one, other);
    });
    return keyed.map(([, row]) => row);
  }

  // Up, down, and back to the order of the answer.
  sort(column) {
    const isSame = this.sorted?.column === column;
    this.sorted = isSame && this.sorted.down ? null : { column, down: isSame };
    this.heads.forEach((head, place) => {
      if (place !== this.sorted?.column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", this.sorted.down ? "descending" : "ascending");
    });
    this.turn(0);
  }

  filter(text) {
    this.words = this.folded(text.trim());
    this.turn(0);
  }

  folded(text) { return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " "); }

  resize(size) {
    this.size = size;
    try { localStorage.setItem(ROWS_KEPT, String(size)); } catch { /* not remembered */ }
    this.turn(0);
  }

  keptSize() {
    let kept = null;
    try { kept = Number(localStorage.getItem(ROWS_KEPT)); } catch { /* nothing is remembered */ }
    return SIZES.includes(kept) ? kept : SIZES[0];
  }

  turn(page) {
    this.page = page;
    this.show();
  }

  show() {
    const rows = this.current;
    const from = this.size === Infinity ? 0 : this.page * this.size;
    this.body.replaceChildren(...rows.slice(from, from + this.size));
    for (const watch of this.watchers) watch(rows, from);
  }
}

// ---- headings, filter, pages

const sortable = (answer) => {
  answer.heads.forEach((head, column) => {
    const name = answer.names[column];
    head.replaceChildren(button(name, () => answer.sort(column), {
      class: "sort", title: answer.voice.say("sort", { name }),
    }));
  });
};

const filterBox = (answer) => {
  const label = answer.voice.say("filter");
  const box = make("input", { type: "search", class: "filter", placeholder: label, "aria-label": label, dir: "auto" });
  on(box, "keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  return on(box, "input", () => answer.filter(box.value));
};

const pager = (answer) => {
  const { voice } = answer;
  const shown = make("p", { class: "count", role: "status" });
  const before = button(`← ${voice.say("previous")}`, () => answer.turn(answer.page - 1));
  const after = button(`${voice.say("next")} →`, () => answer.turn(answer.page + 1));
  const sizes = make("select", {}, ...SIZES.map((size) =>
    make("option", { value: size, selected: size === answer.size && "" },
      size === Infinity ? voice.say("all") : voice.number(size))));
  on(sizes, "change", () => answer.resize(Number(sizes.value)));
  const turning = make("nav", { class: "turning", "aria-label": voice.say("pages") }, before, after);
  answer.watchers.push((rows, from) => {
    const to = Math.min(from + answer.size, rows.length);
    const places = { from: voice.number(from + 1), to: voice.number(to), count: voice.number(rows.length) };
    shown.textContent = rows.length ? voice.say("shown", places) : voice.say("none");
    before.disabled = from === 0;
    after.disabled = to >= rows.length;
    turning.hidden = before.disabled && after.disabled;
  });
  const size = make("label", { class: "per-page" }, `${voice.say("per-page")} `, sizes);
  size.hidden = answer.rows.length <= SIZES[0];
  return make("div", { class: "pager" }, shown, turning, size);
};

// ---- tabs, where there is something to draw

// Each picture is a module of its own, fetched when it is first looked at.
const pictures = (answer) => {
  const { numbers, latitude, point, graph } = answer.table.dataset;
  const found = [];
  if (numbers !== undefined && answer.rows.length > 1) found.push("chart");
  if (latitude !== undefined || point !== undefined) found.push("map");
  if (graph !== undefined) found.push("graph");
  return found;
};
const MODULES = {
  chart: () => import("./results-chart.js"),
  map: () => import("./results-map.js"),
  graph: () => import("./results-graph.js"),
};

class View {
  constructor(answer, key, panel) {
    this.answer = answer;
    this.key = key;
    this.panel = panel;
    this.picture = null;
    this.tab = make("button", {
      type: "button", role: "tab", id: `tab-${key}`, "aria-controls": `panel-${key}`,
    }, answer.voice.say(key));
    for (const [name, value] of [["id", `panel-${key}`], ["role", "tabpanel"], ["aria-labelledby", `tab-${key}`]]) {
      panel.setAttribute(name, value);
    }
  }

  async show(is) {
    this.panel.hidden = !is;
    this.tab.setAttribute("aria-selected", String(is));
    this.tab.tabIndex = is ? 0 : -1;
    if (!is || this.key === "table") return;
    if (!this.picture) {
      const { Picture } = await MODULES[this.key]();
      this.picture ??= new Picture(this.answer, this.panel);
    }
    this.redraw();
  }

  redraw() {
    const width = this.panel.clientWidth;
    if (this.picture && width) this.panel.replaceChildren(...this.picture.parts(width));
  }
}

const tabs = (answer, listing, keys) => {
  const views = [
    new View(answer, "table", listing),
    ...keys.map((key) => new View(answer, key, make("div", { class: `panel-of ${key}-of` }))),
  ];
  const choose = (chosen) => { for (const view of views) view.show(view === chosen); };
  views.forEach((view, place) => {
    on(view.tab, "click", () => choose(view));
    on(view.tab, "keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = views[(place + step + views.length) % views.length];
      choose(next);
      next.tab.focus();
    });
  });
  const redraw = () => { for (const view of views) view.redraw(); };
  answer.watchers.push(redraw);
  let width = 0;
  new ResizeObserver(([entry]) => {
    if (entry.contentRect.width === width) return;
    width = entry.contentRect.width;
    redraw();
  }).observe(listing.parentElement);
  choose(views[0]);
  const list = make("div", { class: "tabs", role: "tablist", "aria-label": answer.voice.say("views") },
    ...views.map((view) => view.tab));
  return { list, panels: views.slice(1).map((view) => view.panel) };
};

// ---- the whole

const copyButtons = (root) => {
  if (!navigator.clipboard) return;
  for (const one of root.querySelectorAll("button[data-copy][hidden]")) {
    const text = document.getElementById(one.dataset.copy);
    const label = one.textContent;
    if (!text) continue;
    one.hidden = false;
    one.setAttribute("aria-live", "polite");
    on(one, "click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      one.textContent = one.dataset.done;
      setTimeout(() => { one.textContent = label; }, 2000);
    });
  }
};

const enhance = () => {
  const place = document.getElementById("answer");
  if (!place) return;
  copyButtons(place);
  const table = place.querySelector("table.rows-of");
  if (!table || table.dataset.done !== undefined) return;
  table.dataset.done = "";
  const answer = new Answer(table, new Voice(JSON.parse(place.dataset.words)));
  const scroll = table.closest(".scroll");
  const listing = make("div", { class: "listing" });
  scroll.replaceWith(listing);
  listing.append(scroll);
  const keys = pictures(answer);
  const bar = make("div", { class: "bar-of" });
  listing.before(bar);
  if (answer.rows.length > 1) {
    sortable(answer);
    if (answer.rows.length > FEW) {
      listing.append(pager(answer));
      bar.append(filterBox(answer));
    }
  }
  if (keys.length) {
    const { list, panels } = tabs(answer, listing, keys);
    bar.prepend(list);
    listing.after(...panels);
  }
  if (!bar.children.length) bar.remove();
  answer.show();
};

document.addEventListener("kgpub:answer", enhance);
enhance();
