// The exported film of an embedding: the points, which the files in `scatter/` draw, the figures
// beside them, and what a person can do. `film` in `player.js` is what Python has written.

const MARGIN = 16; // CSS pixels around the points
const DOT_SPACING = 5; // mean distance of the points, in radii of their dots

const embedding = {
  root,
  canvas: find(".points"),
  tooltip: find(".tooltip"),
  name: find(".name"),
  legend: find(".legend"),
  data: film,
  frames: decodeFrames(film.coordinates, film.steps.length),
  labels: fromBase64(film.labels),
  palette: film.palette,
  turn: { yaw: film.turn[0], pitch: film.turn[1] }, // of a film in space, in radians
  position: 0,
  speed: 1,
  isPlaying: false,
  isFollowing: false,
  isolated: null, // a class
  morph: null,
  lasso: null,
  press: null, // {last: a place} while the points are turned
  pointer: null, // where on the canvas the pointer is
  frameRequest: 0,
  describe: drawPicture,
};
embedding.view = {
  canvas: embedding.canvas,
  margin: MARGIN,
  spacing: DOT_SPACING,
  bounds: boundsOf(embedding),
};

// ---- what is on screen --------------------------------------------------------------------------

function draw() {
  drawPoints(embedding);
  showTooltip(embedding);
  showFigures();
}

// A point's picture, cut out of the one that has them all.
function drawPicture(point) {
  const { side, columns } = film;
  const picture = find(".tooltip canvas");
  picture.width = side;
  picture.height = side;
  const [left, top] = [side * (point % columns), side * Math.floor(point / columns)];
  picture.getContext("2d").drawImage(sprite, left, top, side, side, 0, 0, side, side);
}

function showFigures() {
  const { position } = embedding;
  const frame = Math.round(position);
  const step = film.steps[frame].toLocaleString("en");
  const accuracy = film.accuracy[frame];
  find(".step").textContent = step;
  find(".measured").hidden = accuracy === null;
  find(".accuracy").textContent = accuracy === null ? "" : percent(accuracy);
  find(".now").textContent = `Step ${step}`;
  find(".scrubber").value = position;
  find(".scrubber").setAttribute("aria-valuetext", `Step ${step}`);
  find(".back").disabled = position === 0;
  find(".on").disabled = position === lastFrame(embedding);
  showPlaying(embedding.isPlaying);
  Object.assign(root.dataset, { frame, step: film.steps[frame] });
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

function build() {
  for (const [name, value] of Object.entries(film.baselines)) {
    const row = document.createElement("div");
    for (const [tag, text] of [["dt", name], ["dd", percent(value)]]) {
      row.append(Object.assign(document.createElement(tag), { textContent: text }));
    }
    find(".baselines").append(row);
  }
  find(".scrubber").setAttribute("aria-label", "Moment of the run");
  find(".speed").hidden = false;
  root.parentElement.querySelector(".turning").hidden = !isSolid(embedding);
  embedding.canvas.classList.toggle("solid", isSolid(embedding));
  showLegend(embedding);
  new ResizeObserver(draw).observe(embedding.canvas);
}

// ---- what a person does -------------------------------------------------------------------------

function listen() {
  const actions = {
    playOrPause: () => playOrPause(embedding),
    back: () => stepFrame(embedding, -1),
    on: () => stepFrame(embedding, 1),
    seek: (position) => seek(embedding, position),
  };
  listenToPlayer(actions, lastFrame(embedding));
  if (isSolid(embedding)) listenToKeys(document, TURN_KEYS, embedding);
  find(".speed").onclick = (event) => {
    changeSpeed(embedding);
    event.currentTarget.textContent = `${embedding.speed}×`;
  };
  listenToHovering(embedding);
  listenToTurning(embedding);
  listenToPressing(embedding.canvas);
}

function listenToPressing(canvas) {
  canvas.onpointerdown = (event) => {
    hover(embedding, event); // a finger has no other way to ask
    if (!isSolid(embedding)) return;
    canvas.setPointerCapture(event.pointerId);
    embedding.press = { last: [event.offsetX, event.offsetY] };
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    embedding.press = null;
  };
}

startPlayer(() => {
  build();
  listen();
  if (wantsLessMotion()) seek(embedding, lastFrame(embedding));
  else playOrPause(embedding);
});
