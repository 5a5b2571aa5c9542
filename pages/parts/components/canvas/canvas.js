// The pixel canvas. The browser has what is painted: it sends the server every change. The server
// replaces it by sending something else under a new revision.

const canvases = new WeakMap();

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
    title: find(".title"),
    hint: find(".hint"),
    toolbar: find(".toolbar"),
    buttons: {},
    tool: "brush",
    brush: null,
    painted: null, // Uint8Array of 0 and 1, rows from the top
    revision: null,
    done: [], // what was painted before each stroke, for undo
    undone: [], // and after each undone stroke, for redo
    stroke: null, // {from: [x, y], ink: 0 or 1, pointer: id} while the pen is down
    cursor: null, // [column, row] of the pixel that the keyboard is at
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

function receive(canvas, data) {
  const resized = canvas.width !== data.width || canvas.height !== data.height;
  Object.assign(canvas, { width: data.width, height: data.height, mode: data.mode });
  canvas.image = fromBase64(data.image);
  canvas.seesThrough = data.seesThrough;
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
  showTitle(canvas, data);
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
