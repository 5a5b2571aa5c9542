// Zoom and pan of the film on the page.

const CLOSEST_ZOOM = 200; // times the scale that shows all

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

function showAll(film) {
  resetView(film.view);
  draw(film);
}

function zoom(film, factor) {
  const middle = [film.canvas.clientWidth / 2, film.canvas.clientHeight / 2];
  moveView(film.view, middle, middle, factor);
  draw(film);
}

// Drag pans, two fingers pinch, the wheel zooms: with Ctrl, or once the points have been clicked,
// so that a page that is scrolled does not stop here. A drag that turns or draws a lasso is left out.
function listenToZoom(film) {
  const { canvas, view } = film;
  const fingers = new Map(); // pointer id -> place
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOnCanvas(canvas, event));
  };
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = gesture(fingers);
    fingers.set(event.pointerId, placeOnCanvas(canvas, event));
    if (film.lasso !== null || isTurning(film)) return;
    const after = gesture(fingers);
    moveView(view, before.middle, after.middle, before.spread ? after.spread / before.spread : 1);
    draw(film);
  });
  canvas.onpointerup = canvas.onpointercancel = (event) => fingers.delete(event.pointerId);
  canvas.onwheel = (event) => {
    if (!event.ctrlKey && !canvas.matches(":focus")) return;
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
    const place = placeOnCanvas(canvas, event);
    moveView(view, place, place, factor);
    draw(film);
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
