// Where points are on screen: drawing, zoom, pan, and which point the pointer is on.
//
// A view is {canvas, bounds, centre, scale}: `bounds` is the [[left, bottom], [right, top]] of all
// points, which fills the canvas while `centre` (a point) and `scale` (CSS pixels a unit) are null.

const VIEW_MARGIN = 20; // CSS pixels
const CLOSEST_ZOOM = 200; // times the scale that shows all
const HOVER_REACH = 14; // CSS pixels

function projection(view) {
  const width = view.canvas.clientWidth;
  const height = view.canvas.clientHeight;
  const [low, high] = view.bounds;
  const scale = view.scale ?? fittingScale(view);
  const centre = view.centre ?? [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  return {
    scale,
    toScreen: (x, y) => [width / 2 + (x - centre[0]) * scale, height / 2 - (y - centre[1]) * scale],
    toWorld: (x, y) => [centre[0] + (x - width / 2) / scale, centre[1] - (y - height / 2) / scale],
  };
}

function fittingScale({ canvas, bounds: [low, high] }) {
  const across = (canvas.clientWidth - 2 * VIEW_MARGIN) / (high[0] - low[0]);
  const up = (canvas.clientHeight - 2 * VIEW_MARGIN) / (high[1] - low[1]);
  return Math.max(1e-12, Math.min(across, up));
}

// Makes the point of the world that is under `from` come to `to`, `factor` times as large.
function moveView(view, from, to, factor = 1) {
  const { scale, toWorld } = projection(view);
  const anchor = toWorld(...from);
  const all = fittingScale(view);
  view.scale = Math.min(CLOSEST_ZOOM * all, Math.max(all / 4, scale * factor));
  view.centre = [
    anchor[0] - (to[0] - view.canvas.clientWidth / 2) / view.scale,
    anchor[1] + (to[1] - view.canvas.clientHeight / 2) / view.scale,
  ];
}

function resetView(view) {
  view.centre = null;
  view.scale = null;
}

// Its pen, in CSS pixels, with nothing on it.
function clearCanvas(canvas) {
  const density = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
  if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density);
  const pen = canvas.getContext("2d");
  pen.setTransform(density, 0, 0, density, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

function dotRadius({ clientWidth, clientHeight }, count) {
  return Math.min(4.5, Math.max(2, Math.sqrt((clientWidth * clientHeight) / count) / 7));
}

// `points` is [x0, y0, x1, y1, ...]; the classes other than `isolated` (null: none) are faint.
function drawPoints(view, points, labels, palette, isolated) {
  const pen = clearCanvas(view.canvas);
  const { toScreen } = projection(view);
  const radius = dotRadius(view.canvas, labels.length);
  const others = palette.map((_, label) => label).filter((label) => label !== isolated);
  for (const label of isolated === null ? others : [...others, isolated]) {
    pen.globalAlpha = isolated === null || isolated === label ? 0.85 : 0.12;
    pen.fillStyle = palette[label];
    pen.beginPath();
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] !== label) continue;
      const [x, y] = toScreen(points[2 * i], points[2 * i + 1]);
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    }
    pen.fill();
  }
}

// The point nearest to the place on screen, or -1; points of other classes than `isolated` are out.
function pointAt(view, points, labels, isolated, [x, y]) {
  const { toScreen } = projection(view);
  let nearest = -1;
  let distance = HOVER_REACH;
  for (let i = 0; i < labels.length; i++) {
    if (isolated !== null && labels[i] !== isolated) continue;
    const [px, py] = toScreen(points[2 * i], points[2 * i + 1]);
    const away = Math.hypot(px - x, py - y);
    if (away < distance) [nearest, distance] = [i, away];
  }
  return nearest;
}

// Drag pans, two fingers pinch, the wheel zooms: with Ctrl, or once the points have been clicked,
// so that a page that is scrolled does not stop here. While `isTaken` the drag is another's.
function listenToZoom(view, changed, isTaken) {
  const { canvas } = view;
  const fingers = new Map(); // pointer id -> place
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
  };
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = gesture(fingers);
    fingers.set(event.pointerId, place(event));
    if (isTaken()) return;
    const after = gesture(fingers);
    moveView(view, before.middle, after.middle, before.spread ? after.spread / before.spread : 1);
    changed();
  });
  canvas.onpointerup = canvas.onpointercancel = (event) => fingers.delete(event.pointerId);
  canvas.onwheel = (event) => {
    if (!event.ctrlKey && !canvas.matches(":focus")) return;
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
    moveView(view, place(event), place(event), factor);
    changed();
  };
}

function gesture(fingers) {
  const [first, second] = fingers.values();
  if (!second) return { middle: first, spread: 0 };
  return {
    middle: [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2],
    spread: Math.hypot(first[0] - second[0], first[1] - second[1]),
  };
}
