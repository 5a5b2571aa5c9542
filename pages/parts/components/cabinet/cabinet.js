// Two cabinets of the same pictures, one a class, each lit up for a learner of its own. Both show one
// moment of the film, and all on screen follows from it, the chosen learners and the cell pointed at.

const FRAME_MS = 40; // at least, between two drawings while it moves: colours change slowly
const cabinets = new WeakMap();

export default function cabinet({ data, parentElement }) {
  let film = cabinets.get(parentElement);
  if (!film) {
    film = createCabinet(parentElement);
    cabinets.set(parentElement, film);
  }
  receive(film, data);
  return () => {
    cabinets.delete(parentElement);
    cancelAnimationFrame(film.frameRequest);
    film.listening.abort();
    film.resizing.disconnect();
  };
}

function createCabinet(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const film = {
    root: find(".cabinet"),
    all: find(".all"),
    note: find(".note"),
    spoken: find(".spoken"),
    ends: find(".ends"),
    ...findPlayer(find),
    sides: [],
    data: null,
    frames: [], // of numbers of right answers, [learner * classes + class]
    arrives: false, // some classes are met only later than at the first frame
    position: 0,
    isPlaying: false,
    isFollowing: false, // gliding to each new frame of a live run
    speed: 1,
    pace: 1, // frames a second
    grid: null, // see `cells.js`
    pictures: undefined, // {grey, width, height}, once they have come
    ink: null, // the drawings as they are on screen
    side: null, // the one that is pointed at
    pointed: -1, // the class that is
    announced: "", // the last moment that other parts of the page have heard of
    frameRequest: 0,
    listening: new AbortController(),
  };
  const places = find(".sides");
  createSides(film, places, find("template"));
  listenToButtons(film);
  listenToKeys(film.root, { ...PLAYER_KEYS, " ": (it) => it.data.playable && playOrPause(it) }, film);
  film.resizing = new ResizeObserver(() => draw(film));
  film.resizing.observe(places);
  return film;
}

// ---- what the server sends ----------------------------------------------------------------------

function receive(film, data) {
  const before = film.data;
  const step = before && stepAt(film);
  if (before?.film !== data.film) listenToPictures(film, data.film);
  film.data = data;
  if (before?.right !== data.right) takeFrames(film);
  film.pointed = Math.min(film.pointed, data.classes - 1);
  if (before) {
    film.position = positionOf(film, step); // frames may have been left out meanwhile
    film.isFollowing ||= data.live && !before.live && !film.isPlaying;
  } else {
    begin(film);
  }
  chooseLearners(film);
  showWords(film);
  glide(film);
}

function listenToPictures(film, key) {
  film.listening.abort();
  film.listening = new AbortController();
  onMoment(key, film.listening.signal, () => {
    if (film.ink && film.ink.pictures !== picturesOf(key)) draw(film);
  });
}

// Where it was left when its page was left, else at the caller's first moment.
function begin(film) {
  const { data } = film;
  const { step, chosen, speed } = cabinetViews().get(data.film) ?? {};
  const isNew = step === undefined;
  film.isPlaying = isNew && data.autoplay && data.playable && !data.live && !wantsLessMotion();
  film.isFollowing = data.live && (step ?? null) === null;
  film.speed = speed ?? 1;
  film.sides.forEach((side, i) => (side.chosen = chosen?.[i] ?? null));
  const first = film.isPlaying ? 0 : (data.start ?? lastFrame(film));
  film.position = isNew ? first : step === null ? lastFrame(film) : positionOf(film, step);
}

function showWords(film) {
  const { data, root, scrubber, ends } = film;
  scrubber.setAttribute("aria-label", data.slider);
  film.play.hidden = film.speedButton.hidden = !data.playable;
  film.all.textContent = `all ${data.asked} right`;
  ends.hidden = !data.ends;
  data.ends?.forEach((word, i) => (ends.children[i].textContent = word));
  for (const part of root.querySelectorAll(".unmet")) part.hidden = !film.arrives;
}

// ---- what is on screen --------------------------------------------------------------------------

function draw(film) {
  if (!film.sides[0].canvas.clientWidth) return; // in a tab that is closed
  const now = performance.now();
  const isMoving = film.isPlaying || (film.isFollowing && film.position < lastFrame(film));
  if (isMoving && now - film.drawnAt < FRAME_MS) return; // it has come to rest at its last frame
  film.drawnAt = now;
  film.pictures = picturesOf(film.data.film);
  drawSides(film, readColours(film.root));
  showMoment(film);
  announce(film);
  keepView(film);
}

// The theme's colours.
function readColours(element) {
  const style = getComputedStyle(element);
  const charts = style.getPropertyValue("--st-chart-categorical-colors").split(",");
  const [right, , wrong] = charts; // blue and orange, which all eyes tell apart
  const paper = style.getPropertyValue("--st-background-color");
  return { ink: style.color, tones: tonesOf(paper, wrong, right) };
}

function showMoment(film) {
  const note = film.data.notes[Math.round(film.position)];
  showPlayer(film, note);
  film.note.textContent = note;
  const text = [note, ...showAccuracies(film)].join(". ");
  if (!film.isPlaying && film.spoken.textContent !== text) film.spoken.textContent = text;
}

// Tells the other parts of the page what is seen, where that has changed.
function announce(film) {
  const frame = Math.round(film.position);
  const learners = film.sides.map(({ learner }) => learner);
  const moment = { frame, step: film.data.steps[frame], learners };
  const text = JSON.stringify(moment);
  if (text === film.announced) return;
  film.announced = text;
  announceMoment(film.data.film, moment);
}

// What a cabinet that is made anew after a visit to another page begins with: {step, null for the
// newest; chosen; speed}.
function cabinetViews() {
  return (globalThis.glimpseCabinetViews ??= new Map());
}

function keepView(film) {
  const step = film.position < lastFrame(film) && !film.isFollowing ? stepAt(film) : null;
  const chosen = film.sides.map((side) => side.chosen);
  cabinetViews().set(film.data.film, { step, chosen, speed: film.speed });
}
