// The pixel canvas. What is painted lives here while the canvas is on screen; the server gets it
// after each change and hands it back, with a new revision, when it wants something else painted.

const canvases = new WeakMap();
const GHOST = 20; // opacity of 255 with which a covered pixel still shows
const INK = 255;
const DEEPEST_UNDO = 100;
const LARGEST_BRUSH = 6;
const MOST_PRESSES = 32; // of an arrow key, from one side to the other

export default function pixelCanvas({ data, parentElement, setStateValue }) {
  let canvas = canvases.get(parentElement);
  if (!canvas) {
    canvas = createCanvas(parentElement);
    canvases.set(parentElement, canvas);
  }
  canvas.send = () =>
    setStateValue("painted", { revision: canvas.revision, bits: packBits(canvas.painted) });
  receive(canvas, data);
  return () => canvases.delete(parentElement);
}

function createCanvas(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const canvas = {
    root: find(".pixel-canvas"),
    surface: find(".surface"),
    picture: find(".picture"),
    cursorRing: find(".cursor"),
    sizeSlider: find("input"),
    status: find(".status"),
    buttons: {},
    tool: "brush",
    brush: null,
    painted: null, // Uint8Array of 0 and 1, rows from the top
    revision: null,
    done: [], // what was painted before each stroke, and after those undone
    undone: [],
    stroke: null, // {from: [x, y], ink: 0 or 1, pointer: id} while the pen is down
    cursor: null, // the pixel that the keyboard is on
  };
  listenToPointer(canvas);
  listenToKeys(canvas);
  for (const button of parentElement.querySelectorAll("button")) {
    canvas.buttons[button.dataset.action] = button;
    button.onclick = () => act(canvas, button.dataset.action);
  }
  canvas.sizeSlider.oninput = () => setBrush(canvas, Number(canvas.sizeSlider.value));
  return canvas;
}

// ---- what the server says ---------------------------------------------------------------------

function receive(canvas, data) {
  const resized = canvas.width !== data.width || canvas.height !== data.height;
  Object.assign(canvas, { width: data.width, height: data.height, mode: data.mode });
  canvas.image = fromBase64(data.image);
  if (resized) {
    Object.assign(canvas.picture, { width: data.width, height: data.height });
    Object.assign(canvas, { done: [], undone: [], stroke: null });
    canvas.cursor = [data.width >> 1, data.height >> 1];
  }
  if (resized || canvas.revision !== data.revision) {
    if (canvas.painted && !resized) remember(canvas);
    canvas.painted = unpackBits(data.bits, data.width * data.height);
    canvas.revision = data.revision;
  }
  canvas.root.dataset.mode = data.mode;
  canvas.root.style.setProperty("--widest", `${data.size}px`);
  canvas.root.style.setProperty("--columns", data.width);
  canvas.root.style.setProperty("--rows", data.height);
  canvas.root.setAttribute("aria-label", data.label);
  canvas.surface.setAttribute(
    "aria-label",
    `${data.label}. Arrow keys move, space paints, B brush, E eraser` +
      (data.mode === "mask" ? ", [ and ] size." : "."),
  );
  if (canvas.brush === null) setBrush(canvas, data.brush);
  show(canvas);
}

// ---- what is on screen ------------------------------------------------------------------------

// In mode "draw" the picture is there to be drawn over: it makes way for the first stroke.
function show(canvas) {
  const { picture, width, height, image, painted, mode } = canvas;
  const pixels = new ImageData(width, height);
  const isDrawing = mode === "draw" && painted.includes(1);
  for (let i = 0; i < painted.length; i++) {
    const grey = isDrawing ? INK * painted[i] : image[i];
    const opacity = painted[i] && mode === "mask" ? GHOST : 255;
    pixels.data.set([grey, grey, grey, opacity], 4 * i);
  }
  picture.getContext("2d").putImageData(pixels, 0, 0);
  showControls(canvas);
}

function showControls(canvas) {
  const { buttons, painted, mode } = canvas;
  const count = painted.reduce((sum, bit) => sum + bit, 0);
  buttons.brush.setAttribute("aria-pressed", canvas.tool === "brush");
  buttons.eraser.setAttribute("aria-pressed", canvas.tool === "eraser");
  buttons.undo.disabled = canvas.done.length === 0;
  buttons.redo.disabled = canvas.undone.length === 0;
  buttons.clear.disabled = count === 0;
  buttons.invert.disabled = mode === "draw";
  canvas.root.dataset.painted = count;
  if (canvas.stroke) return; // a screen reader hears the count once the pen is up
  const percent = Math.round((100 * count) / painted.length);
  const [empty, filled] = {
    mask: ["Paint over the picture to hide a part of it.", `${percent} % of the pixels hidden`],
    draw: ["Nothing drawn.", `${percent} % of the paper inked`],
  }[mode];
  canvas.status.textContent = count ? filled : empty;
}

function setBrush(canvas, size) {
  canvas.brush = Math.min(LARGEST_BRUSH, Math.max(1, size));
  canvas.sizeSlider.value = canvas.brush;
  canvas.root.style.setProperty("--brush", canvas.brush);
  const { style } = canvas.cursorRing;
  style.width = `${(100 * canvas.brush) / canvas.width}%`;
  style.height = `${(100 * canvas.brush) / canvas.height}%`;
}

function placeCursorRing(canvas, [x, y]) {
  canvas.cursorRing.style.left = `${(100 * x) / canvas.width}%`;
  canvas.cursorRing.style.top = `${(100 * y) / canvas.height}%`;
}

// ---- painting ---------------------------------------------------------------------------------

function remember(canvas) {
  canvas.done.push(canvas.painted.slice());
  if (canvas.done.length > DEEPEST_UNDO) canvas.done.shift();
  canvas.undone = [];
}

function startStroke(canvas, point, { erase = false, pointer = null } = {}) {
  remember(canvas);
  const ink = erase || canvas.tool === "eraser" ? 0 : 1;
  canvas.stroke = { from: point, ink, pointer };
  extendStroke(canvas, point);
  show(canvas);
}

// Paints every pixel whose centre is at most half a brush away from the line to `point`, and the
// pixel under the pen, which a brush of one may miss.
function extendStroke(canvas, point) {
  const { width, height, painted, brush, stroke } = canvas;
  const radius = brush / 2;
  const reach = (a, b, end) => [
    Math.max(0, Math.floor(Math.min(a, b) - radius)),
    Math.min(end - 1, Math.floor(Math.max(a, b) + radius)),
  ];
  const [left, right] = reach(stroke.from[0], point[0], width);
  const [top, bottom] = reach(stroke.from[1], point[1], height);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const centre = [column + 0.5, row + 0.5];
      if (distanceToSegment(centre, stroke.from, point) <= radius) {
        painted[row * width + column] = stroke.ink;
      }
    }
  }
  const [column, row] = [Math.floor(point[0]), Math.floor(point[1])];
  if (column >= 0 && column < width && row >= 0 && row < height) {
    painted[row * width + column] = stroke.ink;
  }
  stroke.from = point;
}

function endStroke(canvas) {
  canvas.stroke = null;
  showControls(canvas);
  canvas.send();
}

function distanceToSegment([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const along = length2 ? ((x - x0) * dx + (y - y0) * dy) / length2 : 0;
  const nearest = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - nearest * dx, y - y0 - nearest * dy);
}

function act(canvas, action) {
  if (canvas.stroke) return;
  if (action === "brush" || action === "eraser") {
    canvas.tool = action === canvas.tool ? "brush" : action;
    showControls(canvas);
    return;
  }
  if (canvas.buttons[action].disabled) return;
  if (action === "undo") {
    canvas.undone.push(canvas.painted);
    canvas.painted = canvas.done.pop();
  } else if (action === "redo") {
    canvas.done.push(canvas.painted);
    canvas.painted = canvas.undone.pop();
  } else {
    remember(canvas);
    canvas.painted = canvas.painted.map(action === "invert" ? (bit) => 1 - bit : () => 0);
  }
  show(canvas);
  canvas.send();
}

// ---- mouse, pen, finger -----------------------------------------------------------------------

function listenToPointer(canvas) {
  const { surface } = canvas;
  const eraserEnd = 32; // the bit in `buttons` of a pen turned over
  surface.onpointerdown = (event) => {
    if (canvas.stroke || event.button === 1 || event.button === 2) return;
    surface.setPointerCapture(event.pointerId);
    const erase = (event.buttons & eraserEnd) !== 0;
    startStroke(canvas, pointOf(canvas, event), { erase, pointer: event.pointerId });
  };
  surface.onpointermove = (event) => {
    placeCursorRing(canvas, pointOf(canvas, event));
    if (!canvas.stroke || canvas.stroke.pointer !== event.pointerId) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) {
      extendStroke(canvas, pointOf(canvas, move));
    }
    show(canvas);
  };
  surface.onpointerup = surface.onpointercancel = (event) => {
    if (canvas.stroke && canvas.stroke.pointer === event.pointerId) endStroke(canvas);
  };
}

function pointOf(canvas, event) {
  const box = canvas.picture.getBoundingClientRect();
  return [
    ((event.clientX - box.left) / box.width) * canvas.width,
    ((event.clientY - box.top) / box.height) * canvas.height,
  ];
}

// ---- keyboard ---------------------------------------------------------------------------------

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function listenToKeys(canvas) {
  canvas.root.onkeydown = (event) => {
    const handled = event.target === canvas.surface && handleCursorKey(canvas, event.key);
    if (!handled && !handleShortcut(canvas, event)) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own
  };
  const liftPen = () => {
    if (canvas.stroke && canvas.stroke.pointer === null) endStroke(canvas);
  };
  canvas.surface.onkeyup = (event) => event.key === " " && liftPen();
  canvas.surface.onblur = liftPen;
  canvas.surface.onfocus = () => placeCursorRing(canvas, cursorPoint(canvas));
}

function handleCursorKey(canvas, key) {
  if (key in ARROWS) moveCursor(canvas, ARROWS[key]);
  else if (key !== " ") return false;
  else if (!canvas.stroke) startStroke(canvas, cursorPoint(canvas));
  return true;
}

function handleShortcut(canvas, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const plain = { b: "brush", e: "eraser", i: "invert", Delete: "clear" };
  const withControl = { z: event.shiftKey ? "redo" : "undo", y: "redo" };
  const action = (event.ctrlKey || event.metaKey ? withControl : plain)[key];
  if (action) act(canvas, action);
  else if (canvas.mode === "draw") return false; // a drawing has one pen
  else if (key === "[") setBrush(canvas, canvas.brush - 1);
  else if (key === "]") setBrush(canvas, canvas.brush + 1);
  else return false;
  return true;
}

function moveCursor(canvas, [right, down]) {
  const clamp = (value, end) => Math.min(end - 1, Math.max(0, value));
  const stride = Math.ceil(canvas.width / MOST_PRESSES);
  const [column, row] = canvas.cursor;
  canvas.cursor = [
    clamp(column + stride * right, canvas.width),
    clamp(row + stride * down, canvas.height),
  ];
  placeCursorRing(canvas, cursorPoint(canvas));
  if (canvas.stroke && canvas.stroke.pointer === null) {
    extendStroke(canvas, cursorPoint(canvas));
    show(canvas);
  }
}

function cursorPoint({ cursor }) {
  return [cursor[0] + 0.5, cursor[1] + 0.5];
}

// ---- bits -------------------------------------------------------------------------------------

function packBits(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (bytes[i >> 3] |= bit << (7 - (i & 7))));
  return toBase64(bytes);
}

function unpackBits(text, count) {
  const bytes = fromBase64(text);
  return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1);
}
