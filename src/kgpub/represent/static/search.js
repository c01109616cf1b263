// Suggestions below every search box: an editable combobox with a listbox popup (WAI-ARIA Authoring Practices).
// Without this file the box is a plain form. What comes back is put into the page as text only.
"use strict";

(() => {
  const { suggest, name, some, none } = document.currentScript.dataset;
  const PAUSE = 120; // milliseconds without a key before the server is asked
  const LONGEST = 200;
  let boxes = 0;

  const make = (tag, className, text = "", language = "") => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    made.dir = "auto";
    if (language) made.lang = language;
    return made;
  };

  // The text with runs of characters marked; the server counts code points.
  const marked = (className, text, language, marks) => {
    const made = make("span", className, "", language);
    const letters = Array.from(text);
    let last = 0;
    for (const [start, end] of marks) {
      made.append(letters.slice(last, start).join(""));
      const mark = document.createElement("mark");
      mark.textContent = letters.slice(start, end).join("");
      made.append(mark);
      last = end;
    }
    made.append(letters.slice(last).join(""));
    return made;
  };

  const option = (found, id) => {
    const made = make("li", "");
    made.id = id;
    made.role = "option";
    made.setAttribute("aria-selected", "false");
    made.dataset.page = found.page;
    const marks = found.marks || [];
    made.append(marked("name", found.label, found.language, found.matched ? [] : marks));
    if (found.type) made.append(make("span", "kind", found.note ? `${found.type} · ${found.note}` : found.type, found.type_language));
    if (found.matched) made.append(marked("other", found.matched, found.matched_language, marks));
    return made;
  };

  const equip = (input) => {
    const form = input.form;
    const place = input.parentElement;
    const id = `suggestions-${boxes += 1}`;
    const list = make("ul", "suggestions");
    const status = make("div", "hidden");
    let chosen = -1, timer = 0, asked = null, shown = "", composing = false;

    list.id = id;
    list.role = "listbox";
    list.setAttribute("aria-label", name);
    list.hidden = true;
    status.setAttribute("role", "status");
    place.append(status);
    document.body.append(list); // nothing around the box can cut it off there
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    input.maxLength = LONGEST;

    const lay = () => {
      const box = place.getBoundingClientRect();
      list.style.left = `${box.left + scrollX}px`;
      list.style.top = `${box.bottom + scrollY + 4}px`;
      list.style.width = `${box.width}px`;
    };
    const open = (is) => {
      if (is) lay();
      list.hidden = !is;
      input.setAttribute("aria-expanded", String(is));
      if (!is) choose(-1);
    };
    const choose = (position) => {
      chosen = position;
      [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === position)));
      const one = list.children[position];
      if (one) {
        input.setAttribute("aria-activedescendant", one.id);
        one.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    };
    const close = () => {
      clearTimeout(timer);
      asked?.abort();
      asked = null;
      open(false);
      status.textContent = "";
    };
    const show = (found) => {
      list.replaceChildren(...found.map((one, index) => option(one, `${id}-${index}`)));
      open(found.length > 0);
      choose(-1);
      status.textContent = found.length ? some.replace("{count}", String(found.length)) : none;
    };
    const ask = async () => {
      const typed = input.value.trim();
      asked?.abort();
      if (!typed) return close();
      const mine = asked = new AbortController();
      try {
        const answer = await fetch(`${suggest}&q=${encodeURIComponent(typed)}`, {
          signal: mine.signal, headers: { Accept: "application/json" },
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const { suggestions } = await answer.json();
        if (mine === asked && document.activeElement === input) {
          shown = typed;
          show(suggestions);
        }
      } catch {
        if (mine === asked) close(); // no suggestions: the form goes on working
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    };
    const step = (by) => {
      const size = list.children.length;
      if (list.hidden) {
        if (size && shown === input.value.trim()) open(true);
        else return ask();
      }
      // -1 is the box itself: from the last suggestion down to it, and up from it to the last
      if (size) choose((chosen + 1 + by + size + 1) % (size + 1) - 1);
      return undefined;
    };

    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; later(); });
    input.addEventListener("input", () => { if (!composing) later(); });
    input.addEventListener("blur", close);
    addEventListener("resize", () => { if (!list.hidden) lay(); });
    form.addEventListener("submit", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // the first Escape closes the list, the next one empties the box
        close();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.page);
      } else if (event.key === "Tab") {
        close();
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const one = event.target.closest('[role="option"]');
      if (one) location.assign(one.dataset.page);
    });
  };

  for (const input of document.querySelectorAll('form[role="search"] input[name="q"]')) equip(input);
})();
