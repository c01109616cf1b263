// What every picture of an answer is made of: elements, cells of the table, axes, places for labels.
// Text only ever becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, typeof value === "number" ? Number(value.toFixed(2)) : value);
  }
  element.append(...children.filter((one) => one !== null));
  return element;
};
export const make = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
export const draw = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);
export const on = (element, kind, act) => { element.addEventListener(kind, act); return element; };
export const button = (text, act, attributes = {}) =>
  on(make("button", { type: "button", class: "quiet", ...attributes }, text), "click", act);

// ---- the table's cells

const DATE = /^(\d{4,9})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:\d\d)?$/;

// Milliseconds since 1970 of xsd:gYear, gYearMonth, date or dateTime.
export const moment = (lexical) => {
  const found = DATE.exec(lexical);
  if (!found) return NaN;
  const [, year, month, day, hour, minute, second, zone] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  const ahead = zone && zone !== "Z" ? Number(`${zone[0]}1`) * (zone.slice(1, 3) * 60 + Number(zone.slice(4))) : 0;
  return date.getTime() + ((hour ?? 0) * 60 + Number(minute ?? 0) - ahead) * 60000 + (second ?? 0) * 1000;
};

// What a cell says, without the marks of language, datatype and links away.
const words = (cell) => [...cell.childNodes]
  .filter((one) => !(one instanceof Element && one.matches(".tag, .arrow, .datatype")))
  .map((one) => one.textContent).join("").trim();
export const cellText = (row, column) => (column === null ? "" : words(row.cells[column]));
export const cellNumber = (row, column) => {
  const value = row.cells[column].dataset.value;
  return value === undefined ? NaN : Number(value);
};
export const rowLink = (row, column) => {
  const found = (column === null ? null : row.cells[column].querySelector("a")) ?? row.querySelector("a");
  return found ? found.getAttribute("href") : null;
};
export const optional = (text) => (text === undefined ? null : Number(text));

// ---- axes and labels

// Round steps: about as many as fit, each 1, 2 or 5 times a power of ten.
export const ticks = (least, most, wanted, smallest = 0) => {
  const rough = (most - least || 1) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].find((one) => one * power >= rough) * power, smallest);
  const found = [];
  for (let n = Math.ceil(least / step - 1e-9); n * step <= most + step * 1e-9; n += 1) found.push(n * step + 0); // never −0
  return found;
};

const pens = new Map();
export const widthOf = (text, size = 14) => {
  if (!pens.has(size)) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    pens.set(size, pen);
  }
  return pens.get(size).measureText(text).width;
};
export const cut = (text, most, size = 14) => {
  if (widthOf(text, size) <= most) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`, size) > most) letters.pop();
  return `${letters.join("").trimEnd()}…`;
};

// Keeps labels apart: says whether a box is free, and takes it if so.
export class Room {
  constructor() { this.taken = []; }

  take(x, y, width, height) {
    const box = { left: x, right: x + width, top: y, bottom: y + height };
    const meets = (other) => box.left < other.right && box.right > other.left
      && box.top < other.bottom && box.bottom > other.top;
    if (this.taken.some(meets)) return false;
    this.taken.push(box);
    return true;
  }
}

export const svg = (width, height, title, attributes = {}, ...children) =>
  draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": title, ...attributes },
    draw("title", {}, title), ...children);
export const note = (text) => make("p", { class: "note" }, text);

// Draw a picture anew in its panel, as after a choice of the reader's.
export const redraw = (picture) => picture.panel.replaceChildren(...picture.parts(picture.panel.clientWidth));
