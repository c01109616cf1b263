// Niceties only: every page is complete without this file.
"use strict";

// A copy button beside text that can be copied; hidden where there is no clipboard to write to.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    const label = button.textContent;
    if (!text) continue;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}

// Escape closes the source that is being read and returns to its marker.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target instanceof Element ? event.target.closest("details[open]") : null;
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// Printing shows every source.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.source:not([open])")];
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
  closed = [];
});

// A thing of a large hash namespace that the page of its document does not name has a page of its own.
const named = document.querySelector(".part.listed a[id]");
const wanted = location.hash.slice(1);
if (named && wanted && !document.querySelector(":target")) {
  const [document_] = named.getAttribute("href").split("%23");
  location.replace(`${document_}%23${wanted.includes("%") ? wanted : encodeURIComponent(wanted)}`);
}
