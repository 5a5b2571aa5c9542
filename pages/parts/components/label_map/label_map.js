// The map of points that labels spread over.

const maps = new WeakMap();
const CLICK_REACH = 5; // CSS pixels that a pointer may wander between down and up
const RING_ALPHA = 0.25; // of the page's ink, for a point without a class: hollow, since grey is a class
const MARK = 9; // CSS pixels, the radius of a label
const MARK_INK = "#10131c"; // stands out on all ten colours

export default function labelMap({ data, parentElement, setTriggerValue }) {
  const map = maps.get(parentElement) ?? createMap(parentElement);
  maps.set(parentElement, map);
  map.send = setTriggerValue;
  receive(map, data);
  return () => {
    maps.delete(parentElement);
    cancelAnimationFrame(map.frameRequest);
    map.resizing.disconnect();
  };
}

function createMap(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const map = {
    root: find(".label-map"),
    canvas: find(".points"),
    tooltip: find(".tooltip"),
    portrait: find(".portrait"),
    name: find(".name"),
    reset: find(".reset"),
    data: null,
    points: null, // [x0, y0, x1, y1, ...] in the units of the layout
    change: null, // {before, after, delays, began}, see colours.js
    press: null, // where on the canvas a pointer went down
    frameRequest: 0,
    lasso: null, // there is none; `zoom.js` asks
    isolated: null, // nor a class that is seen alone; `view.js` asks
  };
  map.view = { canvas: map.canvas, margin: 16, spacing: 7 };
  resetView(map.view);
  map.resizing = new ResizeObserver(() => draw(map));
  map.resizing.observe(map.canvas);
  listenToZoom(map);
  listenToPointer(map);
  map.canvas.ondblclick = map.reset.onclick = () => showAll(map);
  return map;
}

// ---- what the server sends --------------------------------------------------------------------

function receive(map, data) {
  const isNew = map.data?.places !== data.places;
  const newest = data.given.at(-1)?.[0] ?? null;
  const isChanged = isNew || map.data.classes !== data.classes || map.data.certainty !== data.certainty;
  map.data = data;
  if (isNew) {
    const numbers = new Uint16Array(fromBase64(data.places).buffer);
    map.points = Float32Array.from(numbers, (n, i) => data.low[i % 2] + (n / 65535) * data.span[i % 2]);
    map.view.bounds = [data.low, data.low.map((from, axis) => from + data.span[axis])];
    map.labels = { length: numbers.length / 2 }; // for `pointAt`, which counts them
  }
  if (isChanged) {
    beginChange(map, isNew, newest);
    map.tooltip.hidden = true; // it may have another name now
  }
  map.root.style.setProperty("--height", `${data.height}px`);
  map.canvas.setAttribute("aria-label", data.alt);
  map.canvas.classList.toggle("clickable", data.clickable);
  Object.assign(map.root.dataset, { given: data.given.length, asked: data.asked ?? "" });
  animate(map);
}

function beginChange(map, isNew, newest) {
  const after = decodeColours(map.data);
  const before = isNew ? after : map.change.after;
  const isAtOnce = isNew || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const began = isAtOnce ? -Infinity : performance.now();
  map.change = { before, after, delays: arrivals(map.points, newest), began };
}

function animate(map) {
  cancelAnimationFrame(map.frameRequest);
  draw(map);
  const isMoving = secondsOf(map) < RUN_S + FADE_S;
  map.root.dataset.moving = isMoving;
  if (isMoving) map.frameRequest = requestAnimationFrame(() => animate(map));
}

function secondsOf({ change }) {
  return Math.max(0, performance.now() - change.began) / 1000;
}

// ---- what is on screen ------------------------------------------------------------------------

function draw(map) {
  if (!map.canvas.clientWidth) return; // in a tab that is closed
  const pen = clearCanvas(map.canvas);
  drawDots(map, pen);
  drawMarks(map, pen);
  map.reset.hidden = map.view.scale === null;
  map.canvas.classList.toggle("zoomed", map.view.scale !== null);
}

function drawDots(map, pen) {
  const { points, data, view, root } = map;
  const { toScreen } = projection(view);
  const count = points.length / 2;
  const radius = dotRadius(view, count);
  const seconds = secondsOf(map);
  const ink = getComputedStyle(root).color;
  for (let i = 0; i < count; i++) {
    const { label, alpha } = colourAt(map.change, i, seconds);
    const [x, y] = toScreen(points[2 * i], points[2 * i + 1]);
    if (alpha < 1) circle(pen, x, y, radius - 0.25, ink, 1, RING_ALPHA * (1 - alpha) ** 2);
    if (alpha > 0) dot(pen, x, y, radius, data.palette[label], 0.9 * alpha);
  }
  pen.globalAlpha = 1;
}

function circle(pen, x, y, radius, colour, width, alpha = 1) {
  pen.globalAlpha = alpha;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

function dot(pen, x, y, radius, colour, alpha) {
  pen.globalAlpha = alpha;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

// The labels, each on its point, and a ring around the point that is asked about.
function drawMarks({ points, data, view, root }, pen) {
  const { toScreen } = projection(view);
  const place = (point) => toScreen(points[2 * point], points[2 * point + 1]);
  const style = getComputedStyle(root);
  pen.font = `700 12px ${style.fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [point, label] of data.given) {
    const [x, y] = place(point);
    dot(pen, x, y, MARK, data.palette[label], 1);
    circle(pen, x, y, MARK, style.color, 1.5);
    pen.fillStyle = MARK_INK;
    pen.fillText(label, x, y + 0.5);
  }
  if (data.asked === null) return;
  const [x, y] = place(data.asked);
  dot(pen, x, y, 4, style.color, 1);
  circle(pen, x, y, MARK + 2, style.color, 2.5);
}

// ---- the pointer ------------------------------------------------------------------------------

function listenToPointer(map) {
  const { canvas } = map;
  canvas.addEventListener("pointerdown", (event) => {
    map.press = map.press ? null : placeOnCanvas(canvas, event); // two fingers click nothing
  });
  canvas.addEventListener("pointerup", (event) => release(map, placeOnCanvas(canvas, event)));
  canvas.addEventListener("pointercancel", () => (map.press = null));
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") hover(map, placeOnCanvas(canvas, event)); // a finger never leaves
  });
  canvas.addEventListener("pointerleave", () => hover(map, null));
}

function release(map, [x, y]) {
  const { press } = map;
  map.press = null;
  if (!press || !map.data.clickable || Math.hypot(x - press[0], y - press[1]) > CLICK_REACH) return;
  const point = pointAt(map, [x, y]);
  if (point >= 0) map.send("clicked", point);
}

// What the point under the pointer looks like, and what it is called.
function hover(map, place) {
  const { tooltip, canvas, change, data } = map;
  const point = place && !map.press ? pointAt(map, place) : -1;
  const pictures = globalThis.glimpseMapPictures?.get(data.map);
  tooltip.hidden = point < 0 || !pictures;
  if (tooltip.hidden) return;
  drawPicture(map.portrait, pictures, point);
  const label = change.after.classes[point];
  const isGiven = data.given.some(([each]) => each === point);
  map.name.textContent = label === NO_CLASS ? "no name yet" : `${isGiven ? "label" : "named"} ${label}`;
  const isRight = place[0] > canvas.clientWidth / 2;
  const isLow = place[1] > canvas.clientHeight / 2;
  tooltip.style.left = `${isRight ? place[0] - tooltip.offsetWidth - 12 : place[0] + 12}px`;
  tooltip.style.top = `${isLow ? place[1] - tooltip.offsetHeight - 12 : place[1] + 12}px`;
}

function drawPicture(portrait, { image, side, columns }, point) {
  Object.assign(portrait, { width: side, height: side }); // which clears it
  const [row, column] = [Math.floor(point / columns), point % columns];
  const pen = portrait.getContext("2d");
  if (image.complete) pen.drawImage(image, column * side, row * side, side, side, 0, 0, side, side);
}
