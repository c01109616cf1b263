// Asking without leaving the page: the same address that the form would go to, its answer put in place of the old one.

import { element } from "./dom.js";

const LONGEST_ADDRESS = 7500; // characters; servers and proxies refuse somewhat longer ones
const KEPT = 8; // answers kept for going back and forth

/** The address that the form leads to; `isPage`: to this page, whatever format is chosen. */
export function permalink(form, isPage = false) {
  const fields = new URLSearchParams(new FormData(form));
  if (isPage || !fields.get("format")) fields.delete("format");
  return `${form.getAttribute("action")}?${fields}`;
}

export const isTooLong = (address) => new URL(address, location.href).href.length > LONGEST_ADDRESS;

/** Asks one thing at a time. `hears` is told: begun(), passed(seconds), done(seconds, isGood), cancelled(), failed(). */
export class Asking {
  constructor(hears) {
    this.hears = hears;
    this.kept = new Map();
    this.under = null;
  }

  get isUnderWay() {
    return this.under !== null;
  }

  cancel() {
    this.under?.abort();
  }

  /** Fetch an answer and show it; the history entry, if one is wanted, is made once it is here. */
  async ask(address, enter = () => {}) {
    this.cancel();
    const mine = (this.under = new AbortController());
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    const clock = setInterval(() => this.under === mine && this.hears.passed(seconds()), 1000);
    this.hears.begun();
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
      const page = await answer.text();
      if (this.under !== mine) return;
      this.show(page, address, enter);
      this.under = null;
      this.hears.done(seconds(), answer.ok);
      if (answer.ok) this.keep(address, page);
    } catch (error) {
      if (this.under !== mine) return; // another question took its place
      this.under = null;
      if (error.name === "AbortError") this.hears.cancelled();
      else this.hears.failed();
    } finally {
      clearInterval(clock);
    }
  }

  /** Show an answer again, from memory where it is still there. */
  async again(address) {
    const page = this.kept.get(address);
    if (page === undefined) return this.ask(address);
    this.cancel();
    return this.show(page, address);
  }

  show(page, address, enter = () => {}) {
    const read = new DOMParser().parseFromString(page, "text/html");
    const fresh = read.getElementById("answer") ?? wholePage(read);
    enter();
    document.getElementById("answer").replaceWith(document.adoptNode(fresh));
    document.title = read.title || document.title;
    carryOver(read, ".languages a"); // the same query in the other languages
    carryOver(read, "link[rel=canonical]");
    document.dispatchEvent(new CustomEvent("kgpub:answer"));
  }

  keep(address, page) {
    this.kept.delete(address);
    this.kept.set(address, page);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }
}

// A page of another kind, as for a server that is too busy: what it says is the answer.
function wholePage(read) {
  const main = read.querySelector("main");
  if (!main) throw new Error("the answer is no page of this site");
  return element("div", { id: "answer" }, ...main.childNodes);
}

function carryOver(read, selector) {
  const fresh = read.querySelectorAll(selector);
  document.querySelectorAll(selector).forEach((one, index) => {
    const address = fresh[index]?.getAttribute("href");
    if (address) one.setAttribute("href", address);
  });
}

/** Bring the beginning of an answer into sight, if it is not. */
export function reveal() {
  const { top } = document.getElementById("answer").getBoundingClientRect();
  if (top < innerHeight * 0.75) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: top - innerHeight * 0.5, behavior: isStill ? "auto" : "smooth" });
}
