// A film of an embedding. `position` counts frames and may lie between two of them; everything on
// screen follows from it, from the class that is seen alone, and from where the pointer is.

const FRAMES_A_SECOND = 8;
const SPEEDS = [1, 2, 4, 0.5];
const MARGIN = 16; // CSS pixels around the points
const REACH = 14; // CSS pixels from the pointer to its point

const film = JSON.parse(document.getElementById("data").textContent);
const root = document.querySelector(".embedding");
const find = (selector) => root.querySelector(selector);
const canvas = find(".points");
const tooltip = find(".tooltip");
const sprite = new Image(); // the pictures of all points, in rows of `film.columns`
const last = film.steps.length - 1;
const numbers = decode(film.coordinates); // [x0, y0, x1, y1, ...] of the first frame, then the next
const size = 2 * film.labels.length;
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

// The points on screen, in CSS pixels; both axes have one scale.
function places() {
  const before = size * Math.floor(position);
  const after = size * Math.ceil(position);
  const share = position - Math.floor(position);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [across, up] = film.span;
  const scale = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / up);
  return Float32Array.from({ length: size }, (_, i) => {
    const unit = (numbers[before + i] * (1 - share) + numbers[after + i] * share) / film.finest - 0.5;
    return i % 2 ? height / 2 - unit * up * scale : width / 2 + unit * across * scale;
  });
}

function pointUnder(points) {
  if (!pointer) return -1;
  let nearest = -1;
  let distance = REACH;
  film.labels.forEach((label, i) => {
    const away = Math.hypot(points[2 * i] - pointer[0], points[2 * i + 1] - pointer[1]);
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
  const others = film.colours.map((_, label) => label).filter((label) => label !== isolated);
  for (const label of isolated === null ? others : [...others, isolated]) {
    pen.globalAlpha = isolated === null || isolated === label ? 0.85 : 0.12;
    pen.fillStyle = film.colours[label];
    pen.beginPath();
    film.labels.forEach((each, i) => {
      if (each !== label) return;
      pen.moveTo(points[2 * i] + radius, points[2 * i + 1]);
      pen.arc(points[2 * i], points[2 * i + 1], radius, 0, 2 * Math.PI);
    });
    pen.fill();
  }
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
  tooltip.querySelector("span").textContent = film.labels[point];
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
  root.classList.toggle("playing", isPlaying);
  find(".play").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
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
    button.append(swatch, String(label));
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
  find(".scrubber").max = last;
  showLegend();
  new ResizeObserver(draw).observe(canvas);
}

// ---- time, and what a person does ---------------------------------------------------------------

function animate() {
  cancelAnimationFrame(request);
  let before = performance.now();
  const tick = (now) => {
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

const KEYS = {
  ArrowLeft: () => seek(Math.ceil(position) - 1),
  ArrowRight: () => seek(Math.floor(position) + 1),
  Home: () => seek(0),
  End: () => seek(last),
  " ": playOrPause,
};

function listen() {
  find(".play").onclick = playOrPause;
  find(".back").onclick = KEYS.ArrowLeft;
  find(".on").onclick = KEYS.ArrowRight;
  find(".scrubber").oninput = (event) => seek(Number(event.target.value));
  find(".speed").onclick = (event) => {
    speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
    event.currentTarget.textContent = `${speed}×`;
  };
  canvas.onpointermove = canvas.onpointerdown = (event) => {
    const box = canvas.getBoundingClientRect();
    pointer = [event.clientX - box.left, event.clientY - box.top];
    draw();
  };
  canvas.onpointerleave = () => {
    pointer = null;
    draw();
  };
  document.addEventListener("keydown", (event) => {
    const pressesButton = event.key === " " && event.target.matches("button");
    const action = KEYS[event.key];
    if (!action || pressesButton || event.ctrlKey || event.metaKey || event.altKey) return;
    action();
    event.preventDefault();
  });
}

sprite.onload = () => {
  root.hidden = false;
  build();
  listen();
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) playOrPause();
  else seek(last);
};
sprite.src = film.pictures;
