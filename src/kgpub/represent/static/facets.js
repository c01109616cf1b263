// Niceties only: without this file the form has a button and every choice is an address.
"use strict";

const narrow = matchMedia("(max-width: 48rem)");

// A marked choice is applied at once; the page's own part is replaced, so that the reader stays where they are.
let latest = "";
async function show(address, focus) {
  latest = address;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) { location.assign(address); return; }
  const text = await answer.text();
  if (latest !== address) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const here = document.getElementById("browse"), there = fresh.getElementById("browse");
  if (!here || !there) { location.assign(address); return; }
  const open = [...here.querySelectorAll("details")].map((one) => one.open);
  here.replaceWith(there);
  const same = there.querySelectorAll("details");
  if (same[0] && open.length) same[0].open = open[0];
  document.title = fresh.title;
  for (const one of fresh.querySelectorAll("nav.languages a")) {
    const own = document.querySelector(`nav.languages a[hreflang="${CSS.escape(one.hreflang)}"]`);
    if (own) own.href = one.href;
  }
  prepare(there);
  const box = focus && [...there.querySelectorAll('#filters input[name="f"]')].find((one) => one.value === focus);
  if (box) {
    const folded = box.closest("fieldset details");
    if (folded) folded.open = true;
    box.focus({ preventScroll: false });
  }
}

function prepare(part) {
  part.classList.add("live");
  const filters = part.querySelector("#filters");
  filters?.addEventListener("change", (event) => {
    const address = `${filters.action}?${new URLSearchParams(new FormData(filters))}`;
    history.pushState(null, "", address);
    show(address, event.target.value);
  });
  const compare = part.querySelector("#compare"), told = compare?.querySelector("[data-marked]");
  if (told) {
    const first = told.textContent;
    const button = compare.querySelector("button");
    const boxes = [...compare.querySelectorAll('input[name="iri"]')];
    const count = () => {
      const marked = boxes.filter((one) => one.checked).length;
      for (const one of boxes) one.disabled = marked >= 4 && !one.checked;
      told.textContent = marked ? told.dataset.marked.replace("{}", marked) : first;
      button.disabled = marked < 2;
    };
    compare.addEventListener("change", count);
    count();
  }
}

const part = document.getElementById("browse");
if (part) {
  prepare(part);
  const filters = part.querySelector("details.filters");
  if (filters && narrow.matches) filters.open = false;
  addEventListener("popstate", () => show(location.href));
}
