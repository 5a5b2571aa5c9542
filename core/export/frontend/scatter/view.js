// Where points are on screen, how they are drawn, and which of them is under the pointer.
//
// A view is {canvas, margin, spacing, bounds, centre, scale}: `bounds` is the [[left, bottom],
// [right, top]] of all points, which fills the canvas but for `margin` (CSS pixels) while `centre` (a
// point) and `scale` (CSS pixels a unit) are null. A dot's radius is the mean distance of the points,
// if they lay evenly, divided by `spacing`.

const HOVER_REACH = 14; // CSS pixels
const FAINT = 0.12; // opacity of the classes that are not seen alone
const SMALLEST_DOT = 2; // CSS pixels
const LARGEST_DOT = 4.5;

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

function fittingScale({ canvas, margin, bounds: [low, high] }) {
  const across = (canvas.clientWidth - 2 * margin) / (high[0] - low[0]);
  const up = (canvas.clientHeight - 2 * margin) / (high[1] - low[1]);
  return Math.max(1e-12, Math.min(across, up));
}

// ---- drawing ------------------------------------------------------------------------------------

// Draws the points of the film's position, and keeps where they are: `points` as seen from the front.
function drawPoints(film) {
  const { flat, nearness } = flatten(film, pointsAt(film));
  Object.assign(film, { points: flat, nearness });
  if (nearness) drawSolid(film);
  else drawFlat(film);
}

// Clears a canvas; returns its pen, in CSS pixels.
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

function dotRadius({ canvas: { clientWidth, clientHeight }, spacing }, count) {
  const distance = Math.sqrt((clientWidth * clientHeight) / count);
  return Math.min(LARGEST_DOT, Math.max(SMALLEST_DOT, distance / spacing));
}

// A class at a time; that which is seen alone lies on top, and the others are faint.
function drawFlat({ view, points, labels, palette, isolated }) {
  const pen = clearCanvas(view.canvas);
  const { toScreen } = projection(view);
  const radius = dotRadius(view, labels.length);
  const others = palette.map((_, label) => label).filter((label) => label !== isolated);
  for (const label of isolated === null ? others : [...others, isolated]) {
    pen.globalAlpha = isolated === null || isolated === label ? 0.85 : FAINT;
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

// A point at a time, from the farthest to the nearest, which is larger.
function drawSolid({ view, points, nearness, labels, palette, isolated }) {
  const pen = clearCanvas(view.canvas);
  const { toScreen } = projection(view);
  const radius = dotRadius(view, labels.length);
  const isOnTop = (i) => Number(labels[i] === isolated);
  const order = [...labels.keys()];
  order.sort((i, j) => isOnTop(i) - isOnTop(j) || nearness[i] - nearness[j]);
  for (const i of order) {
    const isFaint = isolated !== null && isolated !== labels[i];
    pen.globalAlpha = isFaint ? FAINT : 0.8 + 0.2 * nearness[i];
    pen.fillStyle = palette[labels[i]];
    pen.beginPath();
    const place = toScreen(points[2 * i], points[2 * i + 1]);
    pen.arc(...place, radius * (1 + DEPTH * nearness[i]), 0, 2 * Math.PI);
    pen.fill();
  }
}

// ---- the pointer --------------------------------------------------------------------------------

// The point nearest to a place on screen, or -1; of the class that is seen alone, if one is.
function pointAt({ view, points, labels, isolated }, [x, y]) {
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

function placeOnCanvas(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
