// Points that are picked: by a click or a tap, by a lasso around them, or by the keys N and P. One
// of them is `chosen`: lines tie it to its neighbours, which `neighbours.js` knows.

const CLICK_REACH = 5; // CSS pixels that a pointer may wander between down and up
const MANY = 40; // picked points, whose rings lie close so that colours are still seen
const LASSO_STEP = 3; // CSS pixels between two corners of a lasso

// The picks of before, also of before another page; else those that the server begins with.
function firstPicks({ film, picked }, count) {
  const before = filmMoments().get(film);
  const points = (before?.points ?? picked ?? []).filter((point) => point < count);
  const chosen = before ? before.chosen : points[0];
  return { points, chosen: points.includes(chosen) ? chosen : (points[0] ?? null) };
}

function pick(film, points, chosen) {
  if (film.data.picked === null) return; // of this film nothing can be picked
  const picks = { points, chosen };
  showPicks(film, picks);
  if (film.data.twin) askFilm(film.data.twin, { picks });
}

function showPicks(film, picks) {
  film.picks = picks;
  film.send("picked", picks);
  draw(film);
}

// One point alone; with `isAdded` it is added to those picked, or removed from them.
function pickPoint(film, point, isAdded) {
  if (!isAdded) return pick(film, [point], point);
  const others = film.picks.points.filter((each) => each !== point);
  const isThere = others.length < film.picks.points.length;
  if (isThere) pick(film, others, others.at(-1) ?? null);
  else pick(film, [...others, point], point);
}

// A point that is seen elsewhere on the page: alone, or as one of those picked.
function pickAgain(film, point) {
  const { points } = film.picks;
  pick(film, points.includes(point) ? points : [point], point);
}

// The next point of those picked, where they are several; else of all that the legend shows.
function pickNext(film, way) {
  const { points, chosen } = film.picks;
  const isGroup = points.length > 1;
  const order = isGroup ? points : [...film.labels.keys()].filter((i) => isShown(film, i));
  const at = order.indexOf(chosen);
  const next = order[at < 0 ? 0 : (at + way + order.length) % order.length];
  if (next !== undefined) pick(film, isGroup ? points : [next], next);
}

function isShown({ labels, isolated }, point) {
  return isolated === null || labels[point] === isolated;
}

// ---- the lasso --------------------------------------------------------------------------------

function switchLasso(film) {
  if (film.data.picked === null) return;
  film.isLassoing = !film.isLassoing;
  showControls(film);
}

// A pointer draws a lasso where that is switched on, and with the shift key.
function drawsLasso(film, event) {
  return film.data.picked !== null && (film.isLassoing || event.shiftKey);
}

function listenToPicking(film) {
  const { canvas } = film;
  canvas.addEventListener("pointerdown", (event) => {
    const start = [event.offsetX, event.offsetY];
    film.press = film.press ? null : { start, last: start, isAdded: event.shiftKey }; // two fingers pick nothing
    film.lasso = film.press && drawsLasso(film, event) ? [start] : null;
    if (film.lasso && film.isPlaying) playOrPause(film); // or the points would run away
  });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (!film.lasso || apart(film.lasso.at(-1), [offsetX, offsetY]) < LASSO_STEP) return;
    film.lasso.push([offsetX, offsetY]);
    draw(film);
  });
  canvas.addEventListener("pointerup", (event) => release(film, [event.offsetX, event.offsetY]));
  canvas.addEventListener("pointercancel", () => {
    Object.assign(film, { press: null, lasso: null });
    draw(film);
  });
}

function release(film, place) {
  const { press, lasso } = film;
  Object.assign(film, { press: null, lasso: null });
  if (!press) return;
  const hasTurned = lasso?.length > 2; // a lasso may end where it began
  if (apart(press.start, place) <= CLICK_REACH && !hasTurned) {
    film.canvas.focus({ preventScroll: true }); // which a finger's tap does not do by itself
    const point = pointAt(film, place);
    if (point >= 0) pickPoint(film, point, press.isAdded);
  } else if (lasso) {
    const caught = pointsInside(film, lasso);
    if (caught.length) pick(film, caught, caught[0]);
  }
  draw(film);
}

function apart([x, y], [u, v]) {
  return Math.hypot(x - u, y - v);
}

function pointsInside(film, lasso) {
  const path = new Path2D();
  lasso.forEach(([x, y]) => path.lineTo(x, y));
  path.closePath();
  const { toScreen } = projection(film.view);
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  return [...film.labels.keys()].filter((i) => {
    return isShown(film, i) && pen.isPointInPath(path, ...placeOf(film, toScreen, i));
  });
}

function placeOf({ points }, toScreen, point) {
  return toScreen(points[2 * point], points[2 * point + 1]);
}

// ---- what is seen of it -----------------------------------------------------------------------

function drawPicks(film) {
  const { canvas, picks, lasso, root } = film;
  const pen = canvas.getContext("2d");
  const { toScreen } = projection(film.view);
  const place = (point) => placeOf(film, toScreen, point);
  pen.globalAlpha = 1;
  pen.strokeStyle = getComputedStyle(root).color;
  pen.lineWidth = 1.25;
  if (picks.chosen !== null) drawTies(pen, place(picks.chosen), neighboursNow(film).map(place));
  const areMany = picks.points.length > MANY;
  if (areMany) pen.lineWidth = 0.75;
  const radius = areMany ? dotRadius(film.view, film.labels.length) + 1 : 6;
  for (const point of picks.points) circle(pen, place(point), radius);
  pen.lineWidth = 2.5;
  if (picks.chosen !== null) circle(pen, place(picks.chosen), 9);
  if (lasso) drawLasso(pen, lasso);
}

function drawTies(pen, from, places) {
  pen.beginPath();
  for (const to of places) {
    pen.moveTo(...from);
    pen.lineTo(...to);
  }
  pen.stroke();
}

// The neighbours of the chosen point at the frame on screen, once the server has sent them.
function neighboursNow({ data, picks, position }) {
  const known = globalThis.glimpseFilmNeighbours?.get(data.film);
  return known && known.chosen === picks.chosen ? known.at(Math.round(position)) : [];
}

function circle(pen, [x, y], radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

function drawLasso(pen, lasso) {
  pen.setLineDash([5, 4]);
  pen.lineWidth = 1.5;
  pen.beginPath();
  lasso.forEach(([x, y]) => pen.lineTo(x, y));
  pen.closePath();
  pen.stroke();
  pen.setLineDash([]);
}
