// The curve pad: panels that all show one curve and its support points, each with the predictions of
// another model. A point that is moved in one panel moves in all. While the pad is on screen, the
// points are kept here; the server gets them after each change and answers with the predictions.

const pads = new WeakMap();
const STEP = 0.1; // that an arrow key moves a point, and with the shift key
const LARGE_STEP = 0.5;
const DOUBLE_MS = 500;

export default function curvePad({ data, parentElement, setStateValue }) {
  let pad = pads.get(parentElement);
  if (!pad) {
    pad = createPad(parentElement);
    pads.set(parentElement, pad);
  }
  pad.tell = (points) => setStateValue("placed", points);
  receive(pad, data);
  return () => pads.delete(parentElement);
}

function createPad(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const pad = {
    root: find(".curve-pad"),
    now: find(".now"),
    status: find(".status"),
    add: find("[data-action=add]"),
    remove: find("[data-action=remove]"),
    grid: find(".panels"),
    panels: [], // {figure, paper, svg, points: [element], ...}
    data: null,
    points: [], // [x, y] each
    revision: null, // of the points that the server drew last
    edit: 0, // changes made here, to know an answer to an older one
    chosen: null, // index of the point that buttons and keys act on
    drag: null, // {index, pointer} while a point is held
    moved: false, // since the last message to the server
    added: -DOUBLE_MS, // when a click added a point: its second half is no double click
  };
  pad.add.onclick = () => addPoint(pad, inWidestGap(pad));
  pad.remove.onclick = () => removePoint(pad, pad.chosen);
  return pad;
}

// ---- messages ----------------------------------------------------------------------------------

// The server's points count where they are newly drawn, or answer the last change made here.
function receive(pad, data) {
  pad.data = data;
  const isNews = pad.revision !== data.revision || data.edit >= pad.edit;
  if (isNews && !pad.drag && !pad.moved) {
    if (pad.revision !== data.revision) pad.chosen = null;
    Object.assign(pad, { points: data.points, revision: data.revision, edit: data.edit });
  }
  pad.root.setAttribute("aria-label", data.label);
  pad.now.textContent = data.now;
  while (pad.panels.length > data.panels.length) pad.panels.pop().figure.remove();
  while (pad.panels.length < data.panels.length) pad.panels.push(createPanel(pad));
  pad.panels.forEach((panel, i) => showPanel(pad, panel, data.panels[i]));
  showPoints(pad);
}

function send(pad) {
  pad.moved = false;
  pad.edit += 1;
  pad.tell({ revision: pad.revision, edit: pad.edit, points: pad.points });
}

// ---- panels -----------------------------------------------------------------------------------

function createPanel(pad) {
  const make = (tag, className) => Object.assign(document.createElement(tag), { className });
  const panel = {
    figure: make("figure", "panel"),
    title: make("span", "title"),
    note: make("span", "note"),
    paper: make("div", "paper"),
    svg: document.createElementNS("http://www.w3.org/2000/svg", "svg"),
    unseen: make("div", "unseen"),
    ticks: make("div", "ticks"),
    points: [],
  };
  const caption = document.createElement("figcaption");
  caption.append(panel.title, panel.note);
  panel.svg.setAttribute("preserveAspectRatio", "none");
  panel.svg.setAttribute("aria-hidden", "true");
  panel.ticks.setAttribute("aria-hidden", "true");
  panel.paper.append(panel.unseen, panel.svg, panel.ticks);
  panel.figure.append(caption, panel.paper);
  panel.paper.onclick = (event) => {
    if (event.target.closest(".point")) return;
    if (addPoint(pad, placeOf(pad, panel, event))) pad.added = event.timeStamp;
  };
  pad.grid.append(panel.figure);
  return panel;
}

function showPanel(pad, panel, content) {
  const { data } = pad;
  panel.figure.setAttribute("aria-label", content.alt);
  panel.figure.style.setProperty("--colour", content.colour);
  panel.figure.style.setProperty("--height", `${data.height}px`);
  panel.title.textContent = content.title;
  panel.note.textContent = content.note;
  const [left, right] = seenRange(data);
  panel.svg.setAttribute("viewBox", `${left} ${-data.y_axis.high} ${right - left} ${span(data.y_axis)}`);
  const flat = fromFloats(content.predictions);
  const width = fromFloats(data.x).length;
  const lines = Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
  panel.svg.replaceChildren(
    drawn("rules", rulesPath(data)),
    ...lines.map((line, i) => {
      const isNow = i === lines.length - 1;
      return drawn(isNow ? "prediction now" : "prediction", curvePath(data, line));
    }),
    drawn("truth", curvePath(data, fromFloats(data.truth))),
  );
  showTicks(data, panel.ticks);
  showUnseen(pad, panel.unseen);
}

function drawn(className, d) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("class", className);
  path.setAttribute("d", d);
  return path;
}

function curvePath(data, ys) {
  const xs = fromFloats(data.x);
  return `M${Array.from(ys, (y, i) => `${xs[i].toFixed(3)} ${(-y).toFixed(3)}`).join("L")}`;
}

function rulesPath({ x_axis, y_axis }) {
  const [left, right] = seenRange({ x_axis });
  return [
    ...x_axis.ticks.map((x) => `M${x} ${-y_axis.high}V${-y_axis.low}`),
    ...y_axis.ticks.map((y) => `M${left} ${-y}H${right}`),
  ].join("");
}

function showTicks(data, box) {
  const labels = [
    ...data.x_axis.ticks.map((x) => [x, "x", "left", xShare(data, x)]),
    ...data.y_axis.ticks.map((y) => [y, "y", "top", yShare(data, y)]),
  ];
  box.replaceChildren(
    ...labels.map(([value, axis, side, share]) => {
      const tick = Object.assign(document.createElement("span"), { className: `tick ${axis}` });
      tick.textContent = String(value).replace("-", "−");
      tick.style[side] = `${100 * share}%`;
      return tick;
    }),
  );
}

function showUnseen({ data }, box) {
  box.hidden = !data.unseen;
  if (!data.unseen) return;
  const [left, right] = data.unseen;
  const from = left > data.x_axis.low ? 100 * xShare(data, left) : 0; // to the edge of the paper
  const to = right < data.x_axis.high ? 100 * xShare(data, right) : 100;
  box.style.left = `${from}%`;
  box.style.width = `${to - from}%`;
  box.replaceChildren(Object.assign(document.createElement("span"), { textContent: "no points" }));
}

// ---- points -----------------------------------------------------------------------------------

// The keyboard reaches the points of the first panel: those of the others are the same.
function showPoints(pad) {
  pad.panels.forEach((panel, i) => {
    while (panel.points.length > pad.points.length) panel.points.pop().remove();
    while (panel.points.length < pad.points.length) {
      const point = createPoint(pad, panel, panel.points.length, i === 0);
      panel.points.push(point);
      panel.paper.append(point);
    }
    panel.points.forEach((element, index) => placePoint(pad, element, index));
  });
  const count = pad.points.length;
  pad.root.dataset.points = count;
  pad.add.disabled = count >= pad.data.most;
  pad.remove.disabled = pad.chosen === null;
  if (!pad.drag) pad.status.textContent = spoken(pad);
}

function spoken({ points, chosen, data }) {
  if (points.length === 0) return "No points: click a panel to place one.";
  if (chosen !== null) {
    const [x, y] = points[chosen];
    return `Point ${chosen + 1} of ${points.length}: x ${written(x)}, y ${written(y)}`;
  }
  if (points.length >= data.most) return `No more than ${data.most} points can be placed.`;
  return "Drag a point, click to add one, double-click to remove one.";
}

const written = (value) => value.toFixed(1).replace("-", "−");

function createPoint(pad, panel, index, hasKeyboard) {
  const element = document.createElement(hasKeyboard ? "button" : "div");
  if (hasKeyboard) {
    element.type = "button";
    element.onkeydown = (event) => onKey(pad, index, event);
    element.onkeyup = element.onblur = () => pad.moved && !pad.drag && send(pad);
    element.onfocus = () => choose(pad, index);
  }
  element.onpointerdown = (event) => {
    if (pad.drag || event.button > 0) return;
    event.preventDefault(); // the focus goes to the first panel's point instead
    element.setPointerCapture(event.pointerId);
    pad.drag = { index, pointer: event.pointerId };
    pad.panels[0].points[index].focus({ preventScroll: true });
  };
  element.onpointermove = (event) => {
    if (pad.drag?.pointer === event.pointerId) movePoint(pad, index, placeOf(pad, panel, event));
  };
  element.onpointerup = element.onpointercancel = (event) => {
    if (pad.drag?.pointer !== event.pointerId) return;
    pad.drag = null;
    showPoints(pad);
    if (pad.moved) send(pad);
  };
  element.ondblclick = (event) => {
    if (event.timeStamp - pad.added > DOUBLE_MS) removePoint(pad, index);
  };
  return element;
}

function placePoint(pad, element, index) {
  const [x, y] = pad.points[index];
  element.className = index === pad.chosen ? "point chosen" : "point";
  element.style.left = `${100 * xShare(pad.data, x)}%`;
  element.style.top = `${100 * yShare(pad.data, y)}%`;
  element.setAttribute(
    "aria-label",
    `Support point ${index + 1} of ${pad.points.length}, x ${written(x)}, y ${written(y)}. ` +
      "Arrow keys move it, Delete removes it.",
  );
}

function choose(pad, index) {
  pad.chosen = index;
  showPoints(pad);
}

function movePoint(pad, index, [x, y]) {
  pad.points[index] = allowed(pad, [x, y]);
  pad.moved = true;
  showPoints(pad);
}

function addPoint(pad, place) {
  if (pad.points.length >= pad.data.most) {
    pad.status.textContent = `No more than ${pad.data.most} points can be placed: remove one first.`;
    return false;
  }
  const added = allowed(pad, place);
  const there = pad.points.findIndex((point) => point.every((at, i) => Math.abs(at - added[i]) < STEP));
  if (there >= 0) {
    pad.panels[0].points[there].focus({ preventScroll: true }); // a second one would be out of sight
    return true;
  }
  pad.points = [...pad.points, added];
  showPoints(pad);
  pad.panels[0].points.at(-1).focus({ preventScroll: true });
  send(pad);
  return true;
}

function removePoint(pad, index) {
  const hadFocus = pad.panels[0].points.includes(pad.root.getRootNode().activeElement);
  pad.points = pad.points.filter((_, i) => i !== index);
  pad.chosen = pad.points.length ? Math.min(index, pad.points.length - 1) : null;
  showPoints(pad);
  if (hadFocus) (pad.panels[0].points[pad.chosen] ?? pad.add).focus({ preventScroll: true });
  send(pad);
}

function inWidestGap({ points, data }) {
  const xs = [data.x_axis.low, ...points.map(([x]) => x).sort((a, b) => a - b), data.x_axis.high];
  const gaps = xs.slice(1).map((x, i) => x - xs[i]);
  const widest = gaps.indexOf(Math.max(...gaps));
  const x = (xs[widest] + xs[widest + 1]) / 2;
  return [x, truthAt(data, x)];
}

// ---- keyboard ---------------------------------------------------------------------------------

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function onKey(pad, index, event) {
  const arrow = ARROWS[event.key];
  if (arrow) {
    const size = event.shiftKey ? LARGE_STEP : STEP;
    movePoint(pad, index, pad.points[index].map((value, axis) => value + size * arrow[axis]));
  } else if (event.key === "Delete" || event.key === "Backspace") removePoint(pad, index);
  else return;
  event.preventDefault();
  event.stopPropagation(); // Streamlit has shortcuts of its own
}
