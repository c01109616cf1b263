// An answer as a chart: bars by their labels, or a line through time.

import { Room, cellNumber, cellText, cut, draw, make, moment, note, on, optional, redraw, svg, ticks, widthOf } from "./results-parts.js";

const MOST_BARS = 40;

export class Picture {
  constructor(answer, panel) {
    this.panel = panel;
    this.answer = answer;
    this.voice = answer.voice;
    const { label, numbers, dates } = answer.table.dataset;
    this.label = optional(label);
    this.dates = optional(dates);
    this.numbers = numbers.split(" ").map(Number);
    [this.measure] = this.numbers;
  }

  parts(width) {
    const heading = make("p", { class: "measure" });
    if (this.numbers.length === 1) heading.append(make("strong", {}, this.answer.names[this.measure]));
    else heading.append(this.choice());
    const rows = this.answer.current.filter((row) => !Number.isNaN(cellNumber(row, this.measure)));
    if (!rows.length) return [heading, note(this.voice.say("none"))];
    if (this.dates !== null && rows.length > 1) return [heading, this.line(rows, width)];
    const cutNote = rows.length > MOST_BARS
      ? [note(this.voice.say("first", { count: this.voice.number(MOST_BARS) }))] : [];
    return [heading, this.bars(rows.slice(0, MOST_BARS), width), ...cutNote];
  }

  choice() {
    const select = make("select", {}, ...this.numbers.map((column) =>
      make("option", { value: column, selected: column === this.measure && "" }, this.answer.names[column])));
    on(select, "change", () => { this.measure = Number(select.value); redraw(this); this.panel.querySelector("select").focus(); });
    return make("label", {}, `${this.voice.say("measure")} `, select);
  }

  get title() { return this.voice.say("chart-title", { name: this.answer.names[this.measure] }); }

  named(row, place) {
    return cellText(row, this.label) || this.voice.say("row", { count: this.voice.number(place + 1) });
  }

  bars(rows, width) {
    const { voice } = this;
    const values = rows.map((row) => cellNumber(row, this.measure));
    const labels = rows.map((row, place) => this.named(row, place));
    const said = values.map((value) => voice.number(value));
    const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
    const left = Math.min(Math.max(...labels.map((one) => widthOf(one))), width * 0.42) + 10;
    const right = Math.max(...said.map((one) => widthOf(one, 13))) + 10;
    const before = least < 0 ? right : 0;
    const high = 27;
    const bottom = rows.length * high + 8;
    const scale = (value) =>
      left + before + ((value - least) / (most - least || 1)) * (width - left - before - right);
    const axis = ticks(least, most, (width - left) / 110).map((tick) => draw("g", { class: "tick" },
      draw("line", { x1: scale(tick), x2: scale(tick), y1: 0, y2: bottom }),
      draw("text", { x: scale(tick), y: bottom + 18, "text-anchor": "middle" }, voice.number(tick))));
    const marks = rows.map((_, place) => {
      const [zero, end] = [scale(0), scale(values[place])];
      const middle = place * high + high / 2 + 4;
      return draw("g", { class: "row" },
        draw("title", {}, `${labels[place]}: ${said[place]}`),
        draw("text", { class: "name", x: left - 10, y: middle + 5, "text-anchor": "end" }, cut(labels[place], left - 10)),
        draw("rect", {
          class: "bar", x: Math.min(zero, end), y: middle - 9, width: Math.max(Math.abs(end - zero), 1), height: 18, rx: 1.5,
        }),
        draw("text", {
          class: "figure", x: values[place] < 0 ? end - 6 : end + 6, y: middle + 4.5,
          "text-anchor": values[place] < 0 ? "end" : "start",
        }, said[place]));
    });
    const base = draw("line", { class: "zero", x1: scale(0), x2: scale(0), y1: 0, y2: bottom });
    return svg(width, bottom + 26, this.title, { role: "img", class: "chart" }, ...axis, ...marks, base);
  }

  line(rows, width) {
    const { voice } = this;
    const points = rows.map((row) => ({
      time: moment(row.cells[this.dates].dataset.value ?? ""),
      dashes: (row.cells[this.dates].dataset.value ?? "").split("T")[0].split("-").length - 1,
      value: cellNumber(row, this.measure),
      name: cellText(row, this.dates),
    })).filter((point) => !Number.isNaN(point.time)).sort((one, other) => one.time - other.time);
    const values = points.map((point) => point.value);
    const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
    const height = Math.round(Math.min(Math.max(width * 0.42, 220), 380));
    const [top, bottom] = [24, height - 30];
    const levels = ticks(least, most, (bottom - top) / 55);
    const left = Math.max(...levels.map((level) => widthOf(voice.number(level), 13))) + 14;
    const right = width - Math.max(16, widthOf(voice.number(values.at(-1)), 13) / 2 + 2);
    const [first, last] = [points[0].time, points.at(-1).time];
    const across = (time) => left + 12 + ((time - first) / (last - first || 1)) * (right - left - 12);
    const up = (value) => bottom - ((value - least) / (most - least || 1)) * (bottom - top);
    const rules = levels.map((level) => draw("g", { class: "tick" },
      draw("line", { x1: left, x2: width, y1: up(level), y2: up(level) }),
      draw("text", { x: left - 8, y: up(level) + 4.5, "text-anchor": "end" }, voice.number(level))));
    const finest = Math.max(...points.map((point) => point.dashes)); // 0 years, 1 months, 2 days
    const dates = this.dateTicks(first, last, (right - left) / 90, finest).map(([time, text]) => draw("g", { class: "tick" },
      draw("line", { class: "short", x1: across(time), x2: across(time), y1: bottom, y2: bottom + 5 }),
      draw("text", { x: across(time), y: bottom + 21, "text-anchor": "middle" }, text)));
    const path = points.map((point, n) => `${n ? "L" : "M"}${across(point.time)} ${up(point.value)}`).join("");
    const room = new Room();
    const order = [...points].sort((one, other) => other.value - one.value);
    const figures = order.flatMap((point) => {
      const text = voice.number(point.value);
      const [x, y, wide] = [across(point.time), up(point.value) - 10, widthOf(text, 13)];
      if (!room.take(x - wide / 2 - 3, y - 12, wide + 6, 16)) return [];
      return [draw("text", { class: "figure", x, y, "text-anchor": "middle" }, text)];
    });
    const dots = points.map((point) => draw("circle", { class: "dot", cx: across(point.time), cy: up(point.value), r: 4 },
      draw("title", {}, `${point.name}: ${voice.number(point.value)}`)));
    return svg(width, height, this.title, { role: "img", class: "chart" },
      ...rules, ...dates, draw("path", { class: "line", d: path }), ...dots, ...figures);
  }

  // Years, months or days, whichever the span asks for, as pairs of time and words.
  dateTicks(first, last, wanted, finest) {
    const day = 86400000;
    const years = (last - first) / (365.25 * day);
    const year = (time) => new Date(time).getUTCFullYear();
    const at = (y, m = 0) => { const date = new Date(0); date.setUTCFullYear(y, m, 1); return date.getTime(); };
    let found;
    if (years >= 2 || finest === 0) {
      found = ticks(year(first), year(last), wanted, 1).map((y) => [at(y), String(y)]);
    } else if (years > 0.2 || finest === 1) {
      const months = Array.from({ length: 26 }, (_, n) => at(year(first), n));
      const inside = months.filter((time) => time >= first && time <= last);
      const step = Math.ceil(inside.length / Math.max(wanted, 1));
      found = inside.filter((_, n) => n % step === 0).map((time) => [time, this.voice.month(time, true)]);
    } else {
      const step = Math.max(Math.ceil((last - first) / day / Math.max(wanted, 1)), 1) * day;
      found = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, n) => first + n * step)
        .map((time) => [time, this.voice.month(time, false)]);
    }
    return found.filter(([time]) => time >= first && time <= last);
  }
}
