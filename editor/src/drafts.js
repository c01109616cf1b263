// The queries side by side, and those that were run: plain values, kept between visits, shown by others.

import { tokens } from "./tokens.js";

const MOST_DRAFTS = 30;
const MOST_RUNS = 50;
const LONGEST_NAME = 32;
const PROLOGUE = /^(?:prefix|base|version)$/iu;

/** What a query is called: its first comment, else the first words after its prologue; "" for an empty one. */
export function nameOf(text) {
  const all = tokens(text.slice(0, 5000)).filter(({ kind }) => kind !== "space");
  const comment = all[0]?.kind === "comment" ? all[0].text.replace(/^#+\s*(?:[a-z]{2,3}:\s)?/iu, "").trim() : "";
  return shortened(comment || afterPrologue(all.filter(({ kind }) => kind !== "comment")).map((one) => one.text).join(" "));
}

function afterPrologue(all) {
  let start = 0;
  all.forEach(({ kind, text }, index) => {
    if (index === start && kind === "word" && PROLOGUE.test(text)) start = index + (/^prefix$/iu.test(text) ? 3 : 2);
  });
  return all.slice(start, start + 40);
}

function shortened(text) {
  const letters = [...text.replace(/\s+/gu, " ")];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("").trimEnd()}…` : letters.join("");
}

/** The queries side by side. One opened from a link and never changed since is "fresh": the next one takes its place. */
export class Drafts {
  constructor(store, clock = Date.now) {
    this.store = store;
    this.clock = clock;
    this.closed = new Set();
    const kept = store.read("drafts");
    this.all = Array.isArray(kept?.all) ? kept.all.filter(isDraft).map(copied) : [];
    this.current = this.all.find(({ id }) => id === kept?.current) ?? this.all[0] ?? this.add("");
  }

  /** The draft that says this: one that is there already, or a new one, or a fresh or empty one taken over. */
  open(text) {
    const same = [this.current, ...this.all].find((draft) => draft.text.trim() === text.trim());
    if (same) return this.choose(same);
    const free = [this.current, ...this.all].find((draft) => !draft.name && (draft.isFresh || draft.text.trim() === ""));
    if (!free) return this.add(text, true);
    Object.assign(free, { text, isFresh: true, time: this.clock() });
    return this.choose(free);
  }

  /** A new draft, which becomes the current one. Beyond the limit the oldest fresh, else the oldest one goes. */
  add(text, isFresh = false) {
    const draft = { id: newId(), name: "", text, isFresh, time: this.clock() };
    if (this.all.length >= MOST_DRAFTS) this.remove(this.all.find((one) => one.isFresh && one !== this.current) ?? this.all[0]);
    this.all.push(draft);
    return this.choose(draft);
  }

  choose(draft) {
    this.current = draft;
    this.keep();
    return draft;
  }

  /** Take a draft away; its neighbour becomes the current one, and there is always one. */
  close(draft) {
    const at = this.all.indexOf(draft);
    this.remove(draft);
    if (this.current !== draft) return this.choose(this.current);
    const next = this.all[at] ?? this.all[at - 1];
    return next ? this.choose(next) : this.add("");
  }

  /** Put a draft that was closed back where it was. */
  reopen(draft, at) {
    this.closed.delete(draft.id);
    this.all.splice(at, 0, draft);
    return this.choose(draft);
  }

  remove(draft) {
    this.all.splice(this.all.indexOf(draft), 1);
    this.closed.add(draft.id);
  }

  rename(draft, name) {
    Object.assign(draft, { name: shortened(name.trim()), time: this.clock() });
    this.keep();
  }

  write(draft, text) {
    if (draft.text !== text) Object.assign(draft, { text, isFresh: false, time: this.clock() });
  }

  /** Remember all of them, and what another window added or changed meanwhile. */
  keep() {
    const stored = this.store.read("drafts")?.all;
    const kept = new Map((Array.isArray(stored) ? stored.filter(isDraft) : []).map((one) => [one.id, one]));
    const ours = this.all.map((draft) => (kept.get(draft.id)?.time > draft.time ? kept.get(draft.id) : draft));
    const known = new Set([...this.closed, ...this.all.map(({ id }) => id)]);
    const others = [...kept.values()].filter(({ id }) => !known.has(id));
    this.store.write("drafts", { all: [...ours, ...others].slice(0, MOST_DRAFTS), current: this.current.id });
  }
}

/** The queries that were run, the last one first. */
export class Runs {
  constructor(store) {
    this.store = store;
  }

  get all() {
    const kept = this.store.read("runs");
    return Array.isArray(kept) ? kept.filter((run) => typeof run?.text === "string" && Number.isFinite(run.time)) : [];
  }

  add(text, time) {
    const before = this.all.filter((run) => run.text.trim() !== text.trim());
    this.store.write("runs", [{ text, time }, ...before].slice(0, MOST_RUNS));
  }

  forget() {
    this.store.write("runs", []);
  }
}

const isDraft = (one) => typeof one?.id === "string" && typeof one.text === "string" && typeof (one.name ?? "") === "string";
const copied = ({ id, text, name = "", isFresh, time }) => ({ id, text, name, isFresh: isFresh === true, time: Number(time) || 0 });
const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
