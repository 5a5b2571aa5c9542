// The film of points on a page. Everything on screen follows from its position, its view and the
// isolated class, and none of these changes when frames arrive.

const films = new WeakMap();
const VIEW_MARGIN = 20; // CSS pixels
const DOT_SPACING = 7; // mean distance of the points, in radii of their dots

export default function scatterFilm({ data, parentElement, setStateValue }) {
  let film = films.get(parentElement);
  if (!film) {
    film = createFilm(parentElement);
    films.set(parentElement, film);
  }
  film.send = setStateValue;
  receive(film, data);
  return () => {
    films.delete(parentElement);
    cancelAnimationFrame(film.frameRequest);
    clearTimeout(film.restTimer);
    film.listening.abort();
    film.resizing.disconnect();
  };
}

function createFilm(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const film = {
    root: find(".scatter-film"),
    legend: find(".legend"),
    canvas: find(".points"),
    tooltip: find(".tooltip"),
    portrait: find(".portrait"),
    name: find(".name"),
    nearestName: find(".nearest"),
    reset: find(".reset"),
    lassoButton: find(".lasso"),
    ...findPlayer(find),
    data: null,
    frames: [], // of whole numbers [x0, y0, x1, y1, ...]
    position: 0,
    isPlaying: false,
    isFollowing: false, // gliding to each new frame of a live run
    speed: 1,
    turn: null, // {yaw, pitch} of a film in space, in radians
    nearness: null, // of its points, from -1 to 1
    morph: null, // {from: where the points were, in units of the old layout, share: of the way}
    isolated: null, // a class
    picks: { points: [], chosen: null },
    isLassoing: false, // whatever drag draws a lasso
    press: null, // {start, last: places, isAdded} while one pointer is down
    lasso: null, // its corners on the canvas, while it is drawn
    start: null, // the view to begin with, until the canvas has a size
    restTimer: 0, // the timer that ends once nothing has been drawn for a while
    isWritten: false, // the address has been brought to what the film began with
    announced: "", // the last moment that other parts of the page have heard of
    legendShown: null, // names and colours, as one string
    pointer: null, // where on the canvas the pointer is
    frameRequest: 0,
    listening: new AbortController(),
  };
  film.describe = (point) => describe(film, point);
  film.view = { canvas: film.canvas, margin: VIEW_MARGIN, spacing: DOT_SPACING };
  resetView(film.view);
  film.resizing = new ResizeObserver(() => draw(film));
  film.resizing.observe(film.canvas);
  listenToControls(film);
  listenToZoom(film);
  listenToHovering(film);
  film.canvas.ondblclick = () => showAll(film);
  listenToPicking(film);
  listenToTurning(film);
  return film;
}

// ---- what the server sends --------------------------------------------------------------------

function receive(film, data) {
  const before = film.data;
  const isNew = !before || before.labels !== data.labels;
  if (isNew) listenToPage(film, data.film, before?.film);
  const step = isNew ? 0 : stepAt(film);
  if (isNew || before.coordinates !== data.coordinates) {
    const isAlike = !isNew && before.low.length === data.low.length;
    const start = isAlike ? firstPoints(film) : null;
    if (!isAlike) Object.assign(film, { morph: null });
    film.frames = decodeFrames(data.coordinates, data.steps.length);
    film.data = data;
    if (start && !areClose(start, firstPoints(film), data.span)) morphFrom(film, before);
    if (!start) resetView(film.view); // from the plane to space, or back
    film.view.bounds = boundsOf(film);
  }
  film.data = data;
  film.labels = fromBase64(data.labels);
  film.nearest = data.nearest && fromBase64(data.nearest);
  film.palette = data.palette ?? themeColours(film.root);
  film.turn ??= { yaw: data.turn[0], pitch: data.turn[1] };
  film.root.style.setProperty("--height", `${data.height}px`);
  film.canvas.setAttribute("aria-label", data.alt);
  if (isNew) {
    begin(film);
  } else {
    film.position = positionOf(film, step); // frames may have been left out meanwhile
    film.isFollowing ||= data.live && !before.live && !film.isPlaying;
  }
  showLegend(film);
  glide(film);
}

function begin(film) {
  const start = startOf(film);
  const isAsked = start.step !== undefined;
  const autoplay = film.data.autoplay && !isAsked && !film.data.live && !wantsLessMotion();
  resetView(film.view);
  const isolated = start.class ?? null;
  Object.assign(film, { isolated, morph: null, announced: "", start, isWritten: false });
  film.picks = firstPicks(film.data, film.labels.length);
  film.isFollowing = film.data.live && !isAsked;
  film.isPlaying = autoplay;
  film.position = isAsked ? positionOf(film, start.step) : autoplay ? 0 : lastFrame(film);
}

// Does what other parts of the page ask for; forgets the picks of a film that is gone.
function listenToPage(film, key, before) {
  if (before) filmMoments().delete(before);
  film.listening.abort();
  film.listening = new AbortController();
  onAsked(key, film.listening.signal, ({ choose, next, end, picks }) => {
    if (picks) showPicks(film, picks);
    else if (next) pickNext(film, next);
    else if (end) seek(film, lastFrame(film));
    else if (choose !== undefined) pickAgain(film, choose);
    else draw(film);
  });
}

// Another layout of the same points: they travel there from where they are on screen.
function morphFrom(film, { low, span }) {
  resetView(film.view);
  if (!film.points || wantsLessMotion() || isSolid(film)) return;
  film.morph = { from: film.points.map((x, i) => (x - low[i % 2]) / span[i % 2]), share: 0 };
}

function firstPoints({ frames, data }) {
  return worldPoints(frames[0], data);
}

function areClose(points, others, span) {
  const axes = span.length;
  return points.every((x, i) => Math.abs(x - others[i]) <= span[i % axes] * 1e-3);
}

// ---- what is on screen ------------------------------------------------------------------------

function draw(film) {
  if (!film.canvas.clientWidth) return; // in a tab that is closed
  if (film.start) beginView(film, film.start);
  film.start = null;
  drawPoints(film);
  drawPicks(film);
  drawOwnPoint(film);
  showControls(film);
  showTooltip(film);
  announce(film);
  keepView(film);
}

// Tells the other parts of the page what is seen, where that has changed.
function announce(film) {
  const frame = Math.round(film.position);
  const moment = { frame, step: film.data.steps[frame], ...film.picks };
  const text = JSON.stringify(moment);
  if (text === film.announced) return;
  film.announced = text;
  announceMoment(film.data.film, moment);
}

// What the tooltip shows beside the name of a point's class.
function describe(film, point) {
  const { portrait, data } = film;
  showNearest(film, point);
  const pictures = picturesOf(data.film);
  portrait.hidden = !pictures;
  if (pictures) drawPortrait(portrait, pictures, point);
}

// The class of the point's nearest neighbour at the frame on screen, with a mark where it is another.
function showNearest({ nearest, nearestName, labels, position, data }, point) {
  nearestName.hidden = !nearest;
  if (!nearest) return;
  const label = nearest[Math.round(position) * labels.length + point];
  nearestName.textContent = `nearest: ${data.names[label]}${label === labels[point] ? "" : " ✗"}`;
}

function themeColours(element) {
  return getComputedStyle(element).getPropertyValue("--st-chart-categorical-colors").split(",");
}
