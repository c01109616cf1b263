// An answer as a graph: things and what ties them, laid out by springs, the same each time.

import { Room, cut, draw, make, note, on, svg, widthOf } from "./results-parts.js";

const MOST_NODES = 150;
const STEPS = 250;
const PULL = 0.04; // towards the middle
const FEW = 12; // nodes that are laid out in a box of their own
const EDGE = 46; // pixels for the unit of a layout
const LABEL = 200; // most pixels of a label

export class Picture {
  constructor(answer, panel) {
    this.panel = panel;
    this.answer = answer;
    this.voice = answer.voice;
  }

  // Nodes and ties out of the rows; texts and numbers stay in the table.
  read() {
    const nodes = new Map();
    const ties = new Map();
    let hasTexts = false;
    let isCut = false;
    const node = (cell) => {
      const href = cell.querySelector("a")?.getAttribute("href") ?? null;
      const key = href ?? cell.textContent.trim();
      if (!nodes.has(key)) {
        if (nodes.size >= MOST_NODES) return null;
        const text = cell.querySelector("a")?.textContent ?? cell.textContent.trim();
        nodes.set(key, { key, href, text, degree: 0, number: nodes.size });
      }
      return nodes.get(key);
    };
    for (const row of this.answer.current) {
      const [subject, predicate, object] = row.cells;
      const kind = object.dataset.kind ?? this.answer.heads[2].dataset.kind;
      if (kind !== "iri") { hasTexts = true; continue; }
      const [from, to] = [node(subject), node(object)];
      if (!from || !to) { isCut = true; continue; }
      const key = `${from.number} ${to.number}`;
      if (!ties.has(key)) ties.set(key, { from, to, names: [] });
      ties.get(key).names.push(predicate.querySelector("a")?.textContent ?? predicate.textContent.trim());
      from.degree += 1;
      to.degree += 1;
    }
    return { nodes: [...nodes.values()], ties: [...ties.values()], byKey: ties, hasTexts, isCut };
  }

  parts(width) {
    const { voice } = this;
    const read = this.read();
    if (!read.nodes.length) return [note(voice.say("none"))];
    const height = Math.round(layOut(read.nodes, read.ties, width));
    const said = [];
    if (read.isCut) said.push(voice.say("nodes", { count: voice.number(MOST_NODES) }));
    if (read.hasTexts) said.push(voice.say("literals"));
    return [make("div", { class: "stage" }, this.picture(read, width, height)), ...said.map(note)];
  }

  picture(read, width, height) {
    const { voice } = this;
    const title = voice.say("graph-title", {
      count: voice.number(read.nodes.length), links: voice.number(read.ties.reduce((sum, one) => sum + one.names.length, 0)),
    });
    const room = new Room();
    for (const one of read.nodes) room.take(one.x - radius(one), one.y - radius(one), 2 * radius(one), 2 * radius(one));
    const lines = new Map(read.ties.map((tie) => [tie, this.tie(tie)]));
    const marks = new Map([...read.nodes].sort((one, other) => other.degree - one.degree)
      .map((node) => [node, this.node(node, width, room)]));
    const small = read.ties.length <= 30;
    for (const [tie, line] of lines) this.caption(tie, line, read, small ? room : null);
    const arrow = draw("marker", {
      id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8,
      markerUnits: "userSpaceOnUse", orient: "auto",
    }, draw("path", { class: "head", d: "M0 0.8 8 4 0 7.2z" }));
    const made = svg(width, height, title, { role: "group", class: "graph" },
      draw("defs", {}, arrow), ...lines.values(), ...read.nodes.map((node) => marks.get(node)));
    for (const [node, mark] of marks) {
      const light = (is) => () => {
        made.classList.toggle("lit", is);
        mark.classList.toggle("here", is);
        for (const [tie, line] of lines) {
          if (tie.from !== node && tie.to !== node) continue;
          line.classList.toggle("here", is);
          marks.get(tie.from).classList.toggle("near", is);
          marks.get(tie.to).classList.toggle("near", is);
        }
      };
      for (const kind of ["pointerenter", "focusin"]) on(mark, kind, light(true));
      for (const kind of ["pointerleave", "focusout"]) on(mark, kind, light(false));
      this.movable(node, mark, made, () => {
        for (const [tie, line] of lines) if (tie.from === node || tie.to === node) this.bend(tie, line, read);
      });
    }
    for (const [tie, line] of lines) this.bend(tie, line, read);
    return made;
  }

  tie(tie) {
    const names = [...new Set(tie.names)].join(", ");
    return draw("g", { class: "tie" }, draw("title", {}, `${tie.from.text} – ${names} – ${tie.to.text}`), draw("path", {}));
  }

  // A straight line, or an arc where one leads back as well, or a loop.
  bend(tie, line, read) {
    const { from, to } = tie;
    const path = line.querySelector("path");
    const end = radius(to) + 3;
    let middle;
    if (from === to) {
      const r = radius(from);
      path.setAttribute("d", `M${from.x - r} ${from.y}C${from.x - 34} ${from.y - 44} ${from.x + 34} ${from.y - 44} ${from.x + r} ${from.y}`);
      middle = { x: from.x, y: from.y - 38 };
    } else {
      const isTwoWay = read.byKey.has(`${to.number} ${from.number}`);
      const [x, y] = [to.x - from.x, to.y - from.y];
      const long = Math.hypot(x, y) || 1;
      const off = isTwoWay ? Math.min(24, long / 4) : 0;
      middle = { x: (from.x + to.x) / 2 - (y / long) * off, y: (from.y + to.y) / 2 + (x / long) * off };
      const away = Math.hypot(to.x - middle.x, to.y - middle.y) || 1;
      const tip = { x: to.x - ((to.x - middle.x) / away) * end, y: to.y - ((to.y - middle.y) / away) * end };
      path.setAttribute("d", `M${from.x} ${from.y}Q${middle.x} ${middle.y} ${tip.x} ${tip.y}`);
      if (isTwoWay) middle = { x: (from.x + 2 * middle.x + to.x) / 4, y: (from.y + 2 * middle.y + to.y) / 4 };
    }
    path.setAttribute("marker-end", "url(#arrow)");
    const text = line.querySelector("text");
    text.setAttribute("x", middle.x);
    text.setAttribute("y", middle.y + 4);
  }

  // What a tie is called, beside it where there is room, else when one of its ends is looked at.
  caption(tie, line, read, room) {
    const text = cut([...new Set(tie.names)].join(", "), 150, 12);
    const wide = widthOf(text, 12);
    const middle = { x: (tie.from.x + tie.to.x) / 2, y: (tie.from.y + tie.to.y) / 2 };
    const isFree = room?.take(middle.x - wide / 2 - 2, middle.y - 8, wide + 4, 16);
    if (isFree) line.classList.add("named");
    line.append(draw("text", { "text-anchor": "middle" }, text));
  }

  node(node, width, room) {
    const text = cut(node.text, Math.min(LABEL, width * 0.55), 13);
    const wide = widthOf(text, 13);
    const r = radius(node);
    const east = { x: r + 5, y: 4.5, anchor: "start", left: r + 4, top: -9 };
    const west = { x: -r - 5, y: 4.5, anchor: "end", left: -r - 6 - wide, top: -9 };
    const spots = [
      ...(node.isWest ? [west, east] : [east, west]),
      { x: 0, y: r + 16, anchor: "middle", left: -wide / 2, top: r + 4 },
      { x: 0, y: -r - 6, anchor: "middle", left: -wide / 2, top: -r - 20 },
    ];
    const inside = (spot) => node.x + spot.left >= 0 && node.x + spot.left + wide <= width;
    const free = spots.find((spot) => inside(spot) && room.take(node.x + spot.left - 1, node.y + spot.top, wide + 4, 17));
    const spot = free ?? spots[0];
    const made = draw(node.href ? "a" : "g", {
      class: `node${free ? " named" : ""}`, href: node.href, tabindex: node.href ? null : 0,
      role: node.href ? null : "img", "aria-label": node.text,
    },
      draw("title", {}, node.text),
      draw("circle", { class: "reach", r: r + 8 }),
      draw("circle", { class: node.href ? "dot" : "dot blank", r }),
      draw("text", { class: "name", x: spot.x, y: spot.y, "text-anchor": spot.anchor }, text));
    made.setAttribute("transform", `translate(${node.x} ${node.y})`);
    return made;
  }

  movable(node, mark, picture, moved) {
    let from = null;
    let isDrag = false;
    on(mark, "dragstart", (event) => event.preventDefault());
    on(mark, "pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      from = { x: event.clientX - node.x, y: event.clientY - node.y };
      isDrag = false;
    });
    on(picture, "pointermove", (event) => {
      if (!from) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!isDrag && Math.hypot(x - node.x, y - node.y) < 4) return;
      isDrag = true;
      [node.x, node.y] = [x, y];
      mark.setAttribute("transform", `translate(${x} ${y})`);
      moved();
    });
    for (const kind of ["pointerup", "pointerleave"]) on(picture, kind, () => { from = null; });
    on(mark, "click", (event) => { if (isDrag) event.preventDefault(); isDrag = false; });
  }
}

const radius = (node) => Math.min(5 + Math.sqrt(node.degree) * 1.3, 14);

// Where the nodes stand: what hangs together is laid out by itself, the large above, the small side by side below.
// Returns the height that this takes.
const layOut = (nodes, ties, width) => {
  const groups = components(nodes, ties);
  let top = 0;
  for (const group of groups.filter((one) => one.nodes.length > FEW)) {
    spring(group);
    const height = Math.min(Math.max(Math.sqrt(group.nodes.length) * 66, width < 500 ? 300 : 260), 680);
    const side = Math.min(120, width * 0.13);
    stretch(group.nodes, "x", side, width - side);
    stretch(group.nodes, "y", top + 34, top + height - 34);
    sides(group.nodes, width / 2);
    top += height;
  }
  const boxes = groups.filter((one) => one.nodes.length <= FEW).map((group) => boxed(group, width));
  for (const shelf of shelves(boxes, width)) {
    const spare = (width - shelf.reduce((sum, box) => sum + box.width, 0)) / shelf.length;
    const high = Math.max(...shelf.map((box) => box.height));
    let left = spare / 2;
    for (const box of shelf) {
      for (const node of box.nodes) {
        node.x += left;
        node.y += top + (high - box.height) / 2;
      }
      left += box.width + spare;
    }
    top += high;
  }
  return Math.max(top, 200);
};

// Nodes that hang together, with their ties; the largest first.
const components = (nodes, ties) => {
  const parents = nodes.map((_, n) => n);
  const root = (n) => (parents[n] === n ? n : (parents[n] = root(parents[n])));
  for (const { from, to } of ties) parents[root(from.number)] = root(to.number);
  const groups = new Map();
  const groupOf = (node) => {
    const key = root(node.number);
    if (!groups.has(key)) groups.set(key, { nodes: [], ties: [] });
    return groups.get(key);
  };
  for (const node of nodes) groupOf(node).nodes.push(node);
  for (const tie of ties) groupOf(tie.from).ties.push(tie);
  return [...groups.values()].sort((one, other) => other.nodes.length - one.nodes.length);
};

// Springs along ties, repulsion between all, cooling down (Fruchterman and Reingold 1991); begins on a spiral.
const spring = ({ nodes, ties }) => {
  nodes.forEach((node, n) => {
    const [angle, far] = [n * 2.399963, Math.sqrt(n + 0.5)];
    [node.x, node.y] = [Math.cos(angle) * far, Math.sin(angle) * far];
  });
  for (let step = 0; step < STEPS; step += 1) {
    const heat = 0.8 * (1 - step / STEPS) + 0.01;
    for (const node of nodes) [node.dx, node.dy] = [-node.x * PULL, -node.y * PULL];
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length; j += 1) push(nodes[i], nodes[j]);
    }
    for (const tie of ties) pull(tie.from, tie.to);
    for (const node of nodes) {
      const far = Math.hypot(node.dx, node.dy) || 1;
      node.x += (node.dx / far) * Math.min(far, heat);
      node.y += (node.dy / far) * Math.min(far, heat);
    }
  }
};
// Nodes with many ties want more room around them.
const push = (one, other) => {
  const [x, y] = [one.x - other.x, one.y - other.y];
  const force = Math.sqrt((one.degree + 1) * (other.degree + 1)) / Math.max(x * x + y * y, 0.01);
  one.dx += x * force; one.dy += y * force;
  other.dx -= x * force; other.dy -= y * force;
};
const pull = (one, other) => {
  const [x, y] = [one.x - other.x, one.y - other.y];
  const force = Math.hypot(x, y) / 1.6;
  one.dx -= x * force; one.dy -= y * force;
  other.dx += x * force; other.dy += y * force;
};

const spread = (nodes, key) => {
  const values = nodes.map((node) => node[key]);
  return [Math.min(...values), Math.max(...values)];
};
const stretch = (nodes, key, from, to) => {
  const [least, most] = spread(nodes, key);
  for (const node of nodes) {
    node[key] = most > least ? from + ((node[key] - least) / (most - least)) * (to - from) : (from + to) / 2;
  }
};
// Labels stand on the outer side.
const sides = (nodes, middle) => { for (const node of nodes) node.isWest = node.x < middle; };

// A few nodes in a box of their own: upright, so that labels have room beside them.
const boxed = (group, width) => {
  const { nodes } = group;
  spring(group);
  upright(nodes);
  const isChain = nodes.length <= 3 && group.ties.length < nodes.length;
  const room = Math.min(LABEL + 24, width * (isChain ? 0.6 : 0.24));
  const [west, east] = isChain ? [24, room] : [room, room];
  for (const [key, before] of [["x", west], ["y", 34]]) {
    const [least] = spread(nodes, key);
    for (const node of nodes) node[key] = before + (node[key] - least) * EDGE;
  }
  if (!isChain && spread(nodes, "x")[1] + east > width) stretch(nodes, "x", west, width - east);
  const [wide, high] = [spread(nodes, "x")[1] + east, spread(nodes, "y")[1] + 34];
  sides(nodes, isChain ? -1 : (spread(nodes, "x")[0] + spread(nodes, "x")[1]) / 2);
  if (isChain) for (const node of nodes) node.x = west;
  return { nodes, width: Math.min(isChain ? west + east : wide, width), height: high };
};

// Turned so that the longer axis stands upright (principal axes of the positions).
const upright = (nodes) => {
  const mean = (key) => nodes.reduce((sum, node) => sum + node[key], 0) / nodes.length;
  const [x0, y0] = [mean("x"), mean("y")];
  let [xx, yy, xy] = [0, 0, 0];
  for (const node of nodes) {
    const [x, y] = [node.x - x0, node.y - y0];
    xx += x * x; yy += y * y; xy += x * y;
  }
  const turn = Math.PI / 2 - Math.atan2(2 * xy, xx - yy) / 2;
  for (const node of nodes) {
    const [x, y] = [node.x - x0, node.y - y0];
    [node.x, node.y] = [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)];
  }
};

// Boxes in rows, as many as fit into each.
const shelves = (boxes, width) => {
  const found = [];
  let free = 0;
  for (const box of boxes) {
    if (box.width > free) {
      found.push([]);
      free = width;
    }
    found.at(-1).push(box);
    free -= box.width;
  }
  return found;
};
