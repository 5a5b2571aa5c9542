// A film of points. `position` counts frames and may lie between two of them; everything on screen
// follows from it, the view and the isolated class, and none of these changes when frames arrive.

const films = new WeakMap();
const FRAMES_A_SECOND = 8; // at speed 1
const GLIDE_S = 0.5; // to reach a new frame of a live run
const MORPH_S = 0.7; // from one layout of the points to another

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
    clearTimeout(film.resting);
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
    play: find(".play"),
    back: find(".back"),
    forward: find(".forward"),
    lassoButton: find(".lasso"),
    scrubber: find(".scrubber"),
    step: find(".step"),
    speedButton: find(".speed"),
    live: find(".live"),
    data: null,
    frames: [], // of whole numbers [x0, y0, x1, y1, ...]
    position: 0,
    isPlaying: false,
    isFollowing: false, // gliding to each new frame of a live run
    speed: 1,
    turn: { ...FIRST_TURN }, // of a film in space, in radians
    nearness: null, // of its points, from -1 to 1
    morph: null, // {from: where the points were, in units of the old layout, share: of the way}
    isolated: null, // a class
    picks: { points: [], chosen: null },
    isLassoing: false, // whatever drag draws a lasso
    press: null, // {start, last: places, isAdded} while one pointer is down
    lasso: null, // its corners on the canvas, while it is drawn
    start: null, // the view to begin with, until the canvas has a size
    resting: 0, // the timer that ends once nothing has been drawn for a while
    isWritten: false, // the address has been brought to what the film began with
    told: "", // the last moment that other parts of the page were told of
    legendShown: null, // names and colours, as one string
    pointer: null, // where on the canvas the pointer is
    frameRequest: 0,
    listening: new AbortController(),
  };
  film.view = { canvas: film.canvas, bounds: null, centre: null, scale: null };
  film.resizing = new ResizeObserver(() => draw(film));
  film.resizing.observe(film.canvas);
  listenToControls(film);
  listenToPointer(film);
  listenToPicking(film);
  listenToTurning(film);
  return film;
}

// ---- what the server says ---------------------------------------------------------------------

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
  film.root.style.setProperty("--height", `${data.height}px`);
  film.canvas.setAttribute("aria-label", data.alt);
  film.scrubber.max = lastFrame(film);
  if (isNew) {
    begin(film);
  } else {
    film.position = positionOf(film, step); // frames may have been left out meanwhile
    film.isFollowing ||= data.live && !before.live && !film.isPlaying;
  }
  showLegend(film);
  film.glide = (lastFrame(film) - film.position) / GLIDE_S;
  animate(film);
}

function begin(film) {
  const start = startOf(film);
  const isAsked = start.step !== undefined;
  const autoplay = film.data.autoplay && !isAsked && !film.data.live && !wantsLessMotion();
  resetView(film.view);
  const isolated = start.class ?? null;
  Object.assign(film, { isolated, morph: null, told: "", start, isWritten: false });
  film.picks = firstPicks(film.data, film.labels.length);
  film.isFollowing = film.data.live && !isAsked;
  film.isPlaying = autoplay;
  film.position = isAsked ? positionOf(film, start.step) : autoplay ? 0 : lastFrame(film);
}

// What other parts of the page ask for; picks of a film that is there no more are forgotten.
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

function lastFrame(film) {
  return film.frames.length - 1;
}

// ---- time -------------------------------------------------------------------------------------

function stepAt({ position, data: { steps } }) {
  const before = Math.floor(position);
  const after = Math.min(before + 1, steps.length - 1);
  return steps[before] + (steps[after] - steps[before]) * (position - before);
}

function positionOf({ data: { steps } }, step) {
  const after = steps.findIndex((each) => each >= step);
  if (after <= 0) return after === 0 ? 0 : steps.length - 1;
  return after - (steps[after] - step) / (steps[after] - steps[after - 1]);
}

function animate(film) {
  cancelAnimationFrame(film.frameRequest);
  let last = performance.now();
  const tick = (now) => {
    const isMoving = advance(film, Math.max(0, now - last) / 1000);
    last = now;
    draw(film);
    if (isMoving) film.frameRequest = requestAnimationFrame(tick);
  };
  tick(last);
}

// Moves the film on by so many seconds; says whether it goes on moving.
function advance(film, seconds) {
  if (film.morph && (film.morph.share += seconds / MORPH_S) >= 1) film.morph = null;
  return advancePosition(film, seconds) || film.morph !== null;
}

function advancePosition(film, seconds) {
  const end = lastFrame(film);
  if (film.isPlaying) {
    film.position = Math.min(end, film.position + seconds * FRAMES_A_SECOND * film.speed);
    if (film.position === end) {
      film.isPlaying = false;
      film.isFollowing = film.data.live;
    }
    return film.isPlaying;
  }
  if (!film.isFollowing) return false;
  film.position = wantsLessMotion() ? end : Math.min(end, film.position + seconds * film.glide);
  return film.position < end;
}

function seek(film, position) {
  film.position = Math.min(lastFrame(film), Math.max(0, position));
  film.isPlaying = false;
  film.isFollowing = film.data.live && film.position === lastFrame(film);
  animate(film);
}

function playOrPause(film) {
  film.isPlaying = !film.isPlaying;
  film.isFollowing = false;
  if (film.isPlaying && film.position === lastFrame(film)) film.position = 0;
  animate(film);
}

function wantsLessMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// ---- what is on screen ------------------------------------------------------------------------

function draw(film) {
  if (!film.canvas.clientWidth) return; // in a tab that is closed
  if (film.start) beginView(film, film.start);
  film.start = null;
  const { flat, nearness } = flatten(film, pointsAt(film));
  Object.assign(film, { points: flat, nearness });
  if (nearness) drawSolid(film);
  else drawPoints(film.view, film.points, film.labels, film.palette, film.isolated);
  drawPicks(film);
  drawGuest(film);
  showControls(film);
  showTooltip(film);
  tell(film);
  keepView(film);
}

function tell(film) {
  const frame = Math.round(film.position);
  const moment = { frame, step: film.data.steps[frame], ...film.picks };
  const told = JSON.stringify(moment);
  if (told === film.told) return;
  film.told = told;
  tellMoment(film.data.film, moment);
}

function showControls(film) {
  const { root, data } = film;
  const frame = Math.round(film.position);
  const text = `step ${data.steps[frame].toLocaleString("en")}`;
  root.classList.toggle("playing", film.isPlaying);
  film.play.setAttribute("aria-label", film.isPlaying ? "Pause" : "Play");
  film.scrubber.value = film.position;
  film.scrubber.setAttribute("aria-valuetext", text);
  film.step.textContent = text;
  film.speedButton.textContent = `${film.speed}×`;
  film.back.disabled = film.position === 0;
  film.forward.disabled = film.position === lastFrame(film);
  film.lassoButton.hidden = data.picked === null;
  film.lassoButton.setAttribute("aria-pressed", film.isLassoing);
  film.live.hidden = !data.live;
  film.live.setAttribute("aria-pressed", film.isFollowing);
  film.reset.hidden = film.view.scale === null;
  film.canvas.classList.toggle("zoomed", film.view.scale !== null);
  film.canvas.classList.toggle("solid", isSolid(film));
  film.canvas.classList.toggle("lassoing", film.isLassoing);
  root.querySelector(".controls").hidden = film.frames.length < 2 && !data.live;
  Object.assign(root.dataset, { frame, frames: film.frames.length, step: data.steps[frame] });
}

function isolate(film, label) {
  film.isolated = label;
  showLegend(film);
  draw(film);
}

function themeColours(element) {
  return getComputedStyle(element).getPropertyValue("--st-chart-categorical-colors").split(",");
}

// ---- what the user does -----------------------------------------------------------------------

function listenToPointer(film) {
  const { canvas } = film;
  listenToZoom(film.view, () => draw(film), () => film.lasso !== null || turns(film));
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    film.pointer = [event.clientX - box.left, event.clientY - box.top];
    showTooltip(film);
  });
  canvas.onpointerleave = () => {
    film.pointer = null;
    showTooltip(film);
  };
  canvas.ondblclick = () => showAll(film);
}
