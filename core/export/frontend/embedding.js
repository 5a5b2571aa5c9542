// A film of an embedding. `position` counts frames and may lie between two of them; everything on
// screen follows from it, from the class that is seen alone, and from where the pointer is.

const FRAMES_A_SECOND = 8;
const SPEEDS = [1, 2, 4, 0.5];
const MARGIN = 16; // CSS pixels around the points
const REACH = 14; // CSS pixels from the pointer to its point
const TURN_PER_PIXEL = 0.01; // radians
const TURN_PER_KEY = 0.15;

const canvas = find(".points");
const tooltip = find(".tooltip");
const last = film.steps.length - 1;
const axes = film.span.length; // 2, or 3 of a film in space
const numbers = decode(film.coordinates); // [x0, y0, x1, y1, ...] of the first frame, then the next
const size = axes * film.labels.length;
const turn = { yaw: film.turn[0], pitch: film.turn[1] }; // of a film in space, in radians
let position = 0;
let speed = 1;
let isPlaying = false;
let isolated = null; // a class
let pointer = null; // where on the canvas the pointer is
let request = 0;

function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Uint16Array(bytes.buffer);
}

// ---- where the points are -----------------------------------------------------------------------

// Of each point [across, up, near], in the units of the data and from the middle of all.
function spots() {
  const before = size * Math.floor(position);
  const after = size * Math.ceil(position);
  const share = position - Math.floor(position);
  const along = (i, axis) => {
    const at = axes * i + axis;
    const unit = numbers[before + at] * (1 - share) + numbers[after + at] * share;
    return (unit / film.finest - 0.5) * film.span[axis];
  };
  return film.labels.map((_, i) => {
    const spot = film.span.map((_, axis) => along(i, axis));
    return axes === 3 ? turned(spot) : [...spot, 0];
  });
}

// After the turn around the upright axis, then around the level one.
function turned([x, y, z]) {
  const { yaw, pitch } = turn;
  const across = x * Math.cos(yaw) + z * Math.sin(yaw);
  const away = z * Math.cos(yaw) - x * Math.sin(yaw);
  return [
    across,
    y * Math.cos(pitch) - away * Math.sin(pitch),
    away * Math.cos(pitch) + y * Math.sin(pitch),
  ];
}

// The points on screen, [x, y, near] in CSS pixels; all axes have one scale.
function places() {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [across, up] = film.extent;
  const scale = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / up);
  return spots().map(([x, y, near]) => [width / 2 + x * scale, height / 2 - y * scale, near]);
}

function pointUnder(points) {
  if (!pointer) return -1;
  let nearest = -1;
  let distance = REACH;
  film.labels.forEach((label, i) => {
    const away = Math.hypot(points[i][0] - pointer[0], points[i][1] - pointer[1]);
    if (away < distance && (isolated === null || isolated === label)) {
      [nearest, distance] = [i, away];
    }
  });
  return nearest;
}

// ---- what is on screen --------------------------------------------------------------------------

function draw() {
  const points = places();
  drawPoints(points);
  showTooltip(pointUnder(points));
  showFigures();
}

function drawPoints(points) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * density);
  canvas.height = Math.round(canvas.clientHeight * density);
  const pen = canvas.getContext("2d");
  pen.scale(density, density);
  const radius = Math.min(4.5, Math.max(2, canvas.clientWidth / 180));
  for (const i of paintingOrder(points)) {
    const [x, y] = points[i];
    pen.globalAlpha = isolated === null || isolated === film.labels[i] ? 0.85 : 0.12;
    pen.fillStyle = film.colours[film.labels[i]];
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

// The class that is seen alone lies on top, and in space what is near on what is far.
function paintingOrder(points) {
  const isOnTop = (i) => Number(film.labels[i] === isolated);
  const order = axes === 3 ? (i, j) => points[i][2] - points[j][2] : classOrder;
  return [...film.labels.keys()].sort((i, j) => isOnTop(i) - isOnTop(j) || order(i, j));
}

function classOrder(i, j) {
  return film.labels[i] - film.labels[j];
}

function showTooltip(point) {
  tooltip.hidden = point < 0;
  root.dataset.hovered = point;
  if (point < 0) return;
  const { side, columns } = film;
  const portrait = tooltip.querySelector("canvas");
  portrait.width = side;
  portrait.height = side;
  const [left, top] = [side * (point % columns), side * Math.floor(point / columns)];
  portrait.getContext("2d").drawImage(sprite, left, top, side, side, 0, 0, side, side);
  tooltip.querySelector("span").textContent = film.names[film.labels[point]];
  const [x, y] = pointer;
  tooltip.style.left = `${x > canvas.clientWidth / 2 ? x - tooltip.offsetWidth - 12 : x + 12}px`;
  tooltip.style.top = `${y > canvas.clientHeight / 2 ? y - tooltip.offsetHeight - 12 : y + 12}px`;
}

function showFigures() {
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
  find(".on").disabled = position === last;
  showPlaying(isPlaying);
  Object.assign(root.dataset, { frame, step: film.steps[frame] });
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

function showLegend() {
  const legend = find(".legend");
  legend.classList.toggle("isolating", isolated !== null);
  [...legend.children].forEach((button, label) => {
    button.setAttribute("aria-pressed", isolated === label);
  });
}

function build() {
  film.colours.forEach((colour, label) => {
    const button = document.createElement("button");
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = colour;
    button.type = "button";
    button.append(swatch, film.names[label]);
    button.onclick = () => {
      isolated = isolated === label ? null : label;
      showLegend();
      draw();
    };
    find(".legend").append(button);
  });
  for (const [name, value] of Object.entries(film.baselines)) {
    const row = document.createElement("div");
    for (const [tag, text] of [["dt", name], ["dd", percent(value)]]) {
      row.append(Object.assign(document.createElement(tag), { textContent: text }));
    }
    find(".baselines").append(row);
  }
  find(".scrubber").setAttribute("aria-label", "Moment of the run");
  find(".speed").hidden = false;
  root.parentElement.querySelector(".turning").hidden = axes !== 3;
  canvas.classList.toggle("solid", axes === 3);
  showLegend();
  new ResizeObserver(draw).observe(canvas);
}

// ---- time, and what a person does ---------------------------------------------------------------

function animate() {
  cancelAnimationFrame(request);
  let before = performance.now();
  const tick = (now) => {
    if (!isPlaying) return; // it was paused, or led elsewhere, since this was asked for
    position = Math.min(last, position + (FRAMES_A_SECOND * speed * Math.max(0, now - before)) / 1000);
    before = now;
    isPlaying &&= position < last;
    draw();
    if (isPlaying) request = requestAnimationFrame(tick);
  };
  request = requestAnimationFrame(tick);
}

function playOrPause() {
  isPlaying = !isPlaying;
  if (isPlaying && position === last) position = 0;
  if (isPlaying) animate();
  draw();
}

function seek(wanted) {
  isPlaying = false;
  position = Math.min(last, Math.max(0, wanted));
  draw();
}

function listen() {
  const actions = {
    playOrPause,
    back: () => seek(Math.ceil(position) - 1),
    on: () => seek(Math.floor(position) + 1),
    seek,
  };
  const turns = {
    a: () => turnBy(-TURN_PER_KEY, 0),
    d: () => turnBy(TURN_PER_KEY, 0),
    w: () => turnBy(0, -TURN_PER_KEY),
    s: () => turnBy(0, TURN_PER_KEY),
  };
  listenToPlayer(actions, last, axes === 3 ? turns : {});
  find(".speed").onclick = (event) => {
    speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
    event.currentTarget.textContent = `${speed}×`;
  };
  canvas.onpointermove = canvas.onpointerdown = point;
  canvas.onpointerleave = () => {
    pointer = null;
    draw();
  };
}

// The pointer is somewhere, and turns what is solid while it is down.
function point(event) {
  const box = canvas.getBoundingClientRect();
  const before = pointer;
  pointer = [event.clientX - box.left, event.clientY - box.top];
  if (event.type === "pointerdown") canvas.setPointerCapture(event.pointerId);
  else if (axes === 3 && event.buttons && before) {
    return turnBy(
      (pointer[0] - before[0]) * TURN_PER_PIXEL,
      (pointer[1] - before[1]) * TURN_PER_PIXEL,
    );
  }
  draw();
}

function turnBy(yaw, pitch) {
  turn.yaw += yaw;
  turn.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, turn.pitch + pitch));
  draw();
}

startPlayer(() => {
  build();
  listen();
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) playOrPause();
  else seek(last);
});
