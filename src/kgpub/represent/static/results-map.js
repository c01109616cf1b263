// An answer as a map: points on a graticule of equal degrees; nothing is drawn that the answer does not say.

import { Room, button, cellNumber, cellText, cut, draw, make, note, on, optional, redraw, rowLink, svg, ticks, widthOf } from "./results-parts.js";

export class Picture {
  constructor(answer, panel) {
    this.panel = panel;
    this.answer = answer;
    this.voice = answer.voice;
    const { label, latitude, longitude, point } = answer.table.dataset;
    this.label = optional(label);
    [this.latitude, this.longitude, this.point] = [optional(latitude), optional(longitude), optional(point)];
    this.frame = null;
    this.open = null;
  }

  // Rows that stand at one point are one place.
  places() {
    const found = new Map();
    for (const row of this.answer.current) {
      const [lat, long] = this.point === null
        ? [cellNumber(row, this.latitude), cellNumber(row, this.longitude)]
        : (row.cells[this.point].dataset.value ?? "").split(" ").map(Number);
      if (!Number.isFinite(lat) || !Number.isFinite(long)) continue;
      const key = `${lat} ${long}`;
      if (!found.has(key)) found.set(key, { key, lat, long, rows: [] });
      found.get(key).rows.push(row);
    }
    return [...found.values()];
  }

  // The whole of the places with a margin, in degrees.
  around(places) {
    const lats = places.map((one) => one.lat);
    const longs = places.map((one) => one.long);
    const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
    const span = (values) => Math.max(Math.max(...values) - Math.min(...values), 0.02) * 1.25;
    return { lat: middle(lats), long: middle(longs), high: span(lats), wide: span(longs) };
  }

  parts(width) {
    const places = this.places();
    if (!places.length) return [note(this.voice.say("none"))];
    const height = Math.round(Math.min(Math.max(width * 0.56, 300), 560));
    const whole = this.around(places);
    this.frame ??= whole;
    const { voice } = this;
    const zoom = (by) => { this.frame.high *= by; this.frame.wide *= by; };
    const tool = (text, key, act) => button(text, () => {
      act();
      this.open = null;
      redraw(this);
      this.panel.querySelector(`[data-tool="${key}"]`).focus();
    }, { "aria-label": voice.say(key), title: voice.say(key), "data-tool": key });
    const tools = make("div", { class: "tools" },
      tool("+", "in", () => zoom(0.5)), tool("−", "out", () => zoom(2)),
      tool(voice.say("whole"), "whole", () => { this.frame = null; }));
    const stage = make("div", { class: "stage" }, this.picture(places, width, height), tools);
    const open = places.find((one) => one.key === this.open);
    if (!open) return [stage];
    const card = this.card(open);
    if (open.long < this.frame.long) card.classList.add("east"); // on the other side of what it is about
    stage.append(card);
    return [stage];
  }

  picture(places, width, height) {
    const { frame, voice } = this;
    const squeeze = Math.max(Math.cos((this.around(places).lat * Math.PI) / 180), 0.05); // of a degree of longitude
    const scale = Math.min(height / frame.high, width / (frame.wide * squeeze)); // pixels of a degree of latitude
    const across = (long) => width / 2 + (long - frame.long) * scale * squeeze;
    const up = (lat) => height / 2 - (lat - frame.lat) * scale;
    const lines = this.graticule(width, height, scale, squeeze, across, up);
    const seen = places.filter((one) =>
      across(one.long) > -8 && across(one.long) < width + 8 && up(one.lat) > -8 && up(one.lat) < height + 8);
    const room = new Room();
    for (const one of seen) room.take(across(one.long) - 6, up(one.lat) - 6, 12, 12);
    const marks = seen.map((one) => this.mark(one, across(one.long), up(one.lat), width, room));
    const title = voice.say("map-title", { count: voice.number(places.length) });
    const sheet = draw("g", {}, ...lines, ...marks);
    return this.draggable(svg(width, height, title, { role: "group", class: "map" }, sheet), sheet, scale, squeeze);
  }

  graticule(width, height, scale, squeeze, across, up) {
    const { frame, voice } = this;
    const half = { lat: height / scale / 2, long: width / scale / squeeze / 2 };
    const degrees = (value, plus, minus) =>
      `${voice.number(Math.abs(Number(value.toFixed(6))))}°${value ? ` ${voice.say(value > 0 ? plus : minus)}` : ""}`;
    const south = Math.max(frame.lat - half.lat, -90);
    const north = Math.min(frame.lat + half.lat, 90);
    const west = Math.max(frame.long - half.long, -180);
    const east = Math.min(frame.long + half.long, 180);
    const [top, bottom, left, right] = [up(north), up(south), across(west), across(east)];
    const meridians = ticks(west, east, width / 130).map((long) => draw("g", { class: "tick" },
      draw("line", { x1: across(long), x2: across(long), y1: top, y2: bottom }),
      across(long) > 30 && across(long) < width - 30
        ? draw("text", { x: across(long), y: height - 7, "text-anchor": "middle" }, degrees(long, "east", "west")) : null));
    const parallels = ticks(south, north, height / 90).map((lat) => draw("g", { class: "tick" },
      draw("line", { x1: left, x2: right, y1: up(lat), y2: up(lat) }),
      up(lat) > 18 && up(lat) < height - 30
        ? draw("text", { x: 7, y: up(lat) - 5 }, degrees(lat, "north", "south")) : null));
    return [...meridians, ...parallels];
  }

  rowName(row) {
    return cellText(row, this.label) || this.voice.say("row", { count: this.voice.number(this.answer.rows.indexOf(row) + 1) });
  }

  named(place) {
    const more = place.rows.length - 1;
    return this.rowName(place.rows[0]) + (more ? ` +${this.voice.number(more)}` : "");
  }

  mark(place, x, y, width, room) {
    const name = this.named(place);
    const text = cut(name, 200, 13);
    const wide = widthOf(text, 13);
    const isEast = x + wide + 20 < width;
    const start = isEast ? x + 11 : x - 11 - wide;
    const isFree = room.take(start - 2, y - 9, wide + 4, 18);
    const isOpen = place.key === this.open;
    const many = place.rows.length;
    const made = draw("g", {
      class: `place${isFree ? " named" : ""}${isOpen ? " open" : ""}`, tabindex: 0, role: "button",
      "aria-label": name, "aria-expanded": String(isOpen), "data-key": place.key,
    },
      draw("title", {}, name),
      draw("circle", { class: "reach", cx: x, cy: y, r: 14 }),
      draw("circle", { class: "dot", cx: x, cy: y, r: many > 1 ? Math.min(6 + Math.log2(many) * 2, 14) : 6 }),
      draw("text", { class: "name", x: isEast ? x + 11 : x - 11, y: y + 4.5, "text-anchor": isEast ? "start" : "end" }, text));
    const toggle = () => { this.open = isOpen ? null : place.key; redraw(this); this.focusOn(place.key); };
    on(made, "keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(); }
    });
    return on(made, "click", () => { if (!this.dragged) toggle(); });
  }

  focusOn(key) {
    const marks = [...this.panel.querySelectorAll(".place")];
    const target = this.panel.querySelector(".card a, .card button") ?? marks.find((one) => one.dataset.key === key);
    target?.focus({ preventScroll: true });
  }

  // What stands at a place: its rows by name, linked as in the table.
  card(place) {
    const { voice } = this;
    const degrees = (value, plus, minus) => `${voice.number(Math.abs(value))}° ${voice.say(value < 0 ? minus : plus)}`;
    const where = `${degrees(place.lat, "north", "south")}, ${degrees(place.long, "east", "west")}`;
    const items = place.rows.map((row) => {
      const link = rowLink(row, this.label);
      return make("li", {}, link ? make("a", { href: link }, this.rowName(row)) : this.rowName(row));
    });
    const close = () => { this.open = null; redraw(this); this.focusOn(place.key); };
    const card = make("div", { class: "card" },
      make("ul", {}, ...items), make("p", { class: "note" }, where), button(voice.say("close"), close));
    return on(card, "keydown", (event) => { if (event.key === "Escape") close(); });
  }

  draggable(picture, sheet, scale, squeeze) {
    let from = null;
    on(picture, "pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY, lat: this.frame.lat, long: this.frame.long };
      this.dragged = false;
    });
    on(picture, "pointermove", (event) => {
      if (!from || event.pointerType === "touch") return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!this.dragged && Math.hypot(x, y) < 4) return;
      this.dragged = true;
      this.shift = { lat: from.lat + y / scale, long: from.long - x / scale / squeeze };
      sheet.setAttribute("transform", `translate(${x} ${y})`);
      picture.classList.add("held");
    });
    const drop = () => {
      if (from && this.dragged) { Object.assign(this.frame, this.shift); redraw(this); }
      from = null;
    };
    on(picture, "pointerup", drop);
    return on(picture, "pointerleave", drop);
  }
}
