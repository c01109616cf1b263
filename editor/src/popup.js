// A button that shows and hides what belongs to it; Escape and a click elsewhere hide it again.

import { element } from "./dom.js";

let count = 0;

/** A button named `label` and the box under it, both of class `name`; `fill` gives the box's contents when it opens. */
export function popup(name, label, fill) {
  const id = `editor-popup-${++count}`;
  const box = element("div", { id, class: "editor-popup", hidden: true, keydown: key });
  const button = element("button", { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": id, click: toggle }, label);
  const whole = element("div", { class: `editor-holder ${name}`, focusout: left }, button, box);
  addEventListener("click", (event) => whole.contains(event.target) || close());
  return { dom: whole, close: () => close(true) };

  function toggle() {
    if (!box.hidden) return close(true);
    box.replaceChildren(...fill());
    box.hidden = false;
    button.setAttribute("aria-expanded", "true");
    return box.querySelector("button")?.focus();
  }

  function close(comesBack = false) {
    if (box.hidden) return;
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (comesBack) button.focus();
  }

  function left({ relatedTarget }) {
    if (relatedTarget && !whole.contains(relatedTarget)) close();
  }

  function key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (step) moveFocus(step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function moveFocus(step) {
    const buttons = [...box.querySelectorAll("button")];
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length]?.focus();
  }
}
