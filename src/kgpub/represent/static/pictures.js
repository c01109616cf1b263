// A neighbourhood that comes when it is about to be seen, and opens in place: the server draws it, as on the page that
// the same links lead to without a script.

const section = () => document.getElementById("neighbourhood");

// What is tied to the thing looked at stands out.
const light = (net, mark, is) => {
  net.classList.toggle("lit", is);
  for (const arc of net.querySelectorAll(".arc")) {
    const { a, b } = arc.dataset;
    const meets = a === mark.dataset.n || b === mark.dataset.n;
    arc.classList.toggle("here", is && meets);
    if (!meets) continue;
    const other = net.querySelector(`[data-n="${a === mark.dataset.n ? b : a}"]`);
    other?.classList.toggle("met", is);
  }
};

const SVG = "http://www.w3.org/2000/svg";

// The list says of each arc what it is.
const name = (root) => {
  const said = root.querySelectorAll(".ties > li");
  for (const arc of root.querySelectorAll(".net .arc")) {
    const title = document.createElementNS(SVG, "title");
    title.textContent = said[Number(arc.dataset.tie)]?.textContent ?? "";
    arc.append(title);
  }
};

const marks = (root) => {
  const net = root.querySelector(".net");
  name(root);
  for (const mark of net?.querySelectorAll("[data-n]") ?? []) {
    if (!net.querySelector(`.arc[data-a="${mark.dataset.n}"], .arc[data-b="${mark.dataset.n}"]`)) continue;
    for (const kind of ["pointerenter", "focusin"]) mark.addEventListener(kind, () => light(net, mark, true));
    for (const kind of ["pointerleave", "focusout"]) mark.addEventListener(kind, () => light(net, mark, false));
  }
};

// The links that open or close something, in the order of the list and of the picture.
const openers = (root, inList) => [...root.querySelectorAll(inList ? ".as-list .opener" : ".net .opener")];
const nameOf = (opener) => opener.closest("[data-n], li")?.querySelector("a:not(.opener)")?.getAttribute("href");

let asking = null; // the latest wish counts

// What stands at an address takes the place of what is shown; the heading and the way to the page of its own stay.
// The new section, or null where it could not be had.
const put = async (href) => {
  const old = section();
  asking?.abort();
  asking = new AbortController();
  old.setAttribute("aria-busy", "true");
  old.querySelector(".net-of")?.classList.add("busy");
  old.querySelector("[role=alert]")?.remove();
  try {
    const answer = await fetch(href, { headers: { accept: "text/html" }, signal: asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = document.adoptNode(page.getElementById("neighbourhood"));
    fresh.querySelector("h2").replaceWith(old.querySelector("h2"));
    const alone = old.querySelector(".alone");
    if (alone) fresh.querySelector(".hint").append(" ", alone);
    const isListOpen = old.querySelector(".as-list")?.open;
    if (isListOpen !== undefined) fresh.querySelector(".as-list").open = isListOpen;
    old.replaceWith(fresh);
    marks(fresh);
    return fresh;
  } catch (error) {
    if (error.name === "AbortError") return null;
    old.classList.remove("awaited");
    old.removeAttribute("aria-busy");
    old.querySelector(".net-of")?.classList.remove("busy");
    const said = document.createElement("p");
    said.className = "note";
    said.setAttribute("role", "alert");
    said.textContent = old.dataset.failed;
    old.querySelector(".hint").after(said);
    return null;
  }
};

const swap = async (opener) => {
  const inList = opener.closest(".as-list") !== null;
  const name = nameOf(opener);
  const fresh = await put(opener.getAttribute("href"));
  if (!fresh) return;
  const found = openers(fresh, inList).find((one) => nameOf(one) === name);
  (found ?? fresh.querySelector(".net a, .tree a"))?.focus({ preventScroll: true });
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("#neighbourhood .opener");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!opener || !isPlain) return;
  event.preventDefault();
  swap(opener);
});

// Shortly before it comes into view, with a screen's height to spare.
const expect = (waiting) => {
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    put(waiting.querySelector(".alone").href);
  }, { rootMargin: "100% 0%" });
  watch.observe(waiting);
};

if (section()?.classList.contains("awaited")) expect(section());
else if (section()) marks(section());
