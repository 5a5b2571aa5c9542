// Mouse, pen, finger and keyboard.

const ERASER_END = 32; // the bit in `buttons` of a pen that is turned over
const MOST_PRESSES = 32; // of an arrow key, from one side to the other
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function listenToPointer(canvas) {
  const { surface } = canvas;
  surface.onpointerdown = (event) => {
    if (canvas.stroke || event.button === 1 || event.button === 2) return;
    surface.setPointerCapture(event.pointerId);
    const erase = (event.buttons & ERASER_END) !== 0;
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
