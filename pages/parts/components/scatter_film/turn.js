// Films of points in space, (F, N, 3): turned by a drag or by keys, and drawn from the back to the
// front. What is on screen is flat, so that all else works on it as on a film in the plane.

const TURN_PER_PIXEL = 0.01; // radians
const TURN_PER_KEY = 0.15;
const DEPTH = 0.35; // by how much the nearest points are larger than those in the middle

function isSolid({ data }) {
  return data.low.length === 3;
}

// The [x, y] or [x, y, z] of each point as [x, y] to look at, and how near each is, from -1 to 1.
function flatten(film, points) {
  if (!isSolid(film)) return { flat: points, nearness: null };
  const count = points.length / 3;
  const flat = new Float32Array(2 * count);
  const nearness = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y, z] = turned(film, points.subarray(3 * i, 3 * i + 3));
    flat.set([x, y], 2 * i);
    nearness[i] = z / film.radius;
  }
  return { flat, nearness };
}

// A place in space after the turn: around the upright axis by yaw, then around the level one.
function turned({ turn: { yaw, pitch }, middle }, place) {
  const [x, y, z] = [0, 1, 2].map((axis) => place[axis] - middle[axis]);
  const [across, away] = [
    x * Math.cos(yaw) + z * Math.sin(yaw),
    z * Math.cos(yaw) - x * Math.sin(yaw),
  ];
  return [
    across,
    y * Math.cos(pitch) - away * Math.sin(pitch),
    away * Math.cos(pitch) + y * Math.sin(pitch),
  ];
}

// What the view has to hold: all points, from whichever side they are seen.
function boundsOf(film) {
  const { low, span } = film.data;
  film.middle = low.map((from, axis) => from + span[axis] / 2);
  if (!isSolid(film)) return [low, low.map((from, axis) => from + span[axis])];
  film.radius = 0;
  for (const frame of film.frames) {
    for (let i = 0; i < frame.length; i += 3) {
      const place = [0, 1, 2].map((axis) => (frame[i + axis] / FINEST - 0.5) * span[axis]);
      film.radius = Math.max(film.radius, Math.hypot(...place));
    }
  }
  return [[-film.radius, -film.radius], [film.radius, film.radius]];
}

function turn(film, yaw, pitch) {
  film.turn.yaw += yaw;
  film.turn.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, film.turn.pitch + pitch));
  draw(film);
}

// With one pointer down, and no lasso, a drag turns what is solid.
function turns(film) {
  return isSolid(film) && film.press !== null && film.lasso === null;
}

function listenToTurning(film) {
  film.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (!turns(film)) return;
    const [x, y] = film.press.last;
    film.press.last = [offsetX, offsetY];
    turn(film, (offsetX - x) * TURN_PER_PIXEL, (offsetY - y) * TURN_PER_PIXEL);
  });
}

function drawSolid({ view, points, nearness, labels, palette, isolated }) {
  const pen = clearCanvas(view.canvas);
  const { toScreen } = projection(view);
  const radius = dotRadius(view.canvas, labels.length);
  const fromBack = [...labels.keys()].sort((i, j) => nearness[i] - nearness[j]);
  for (const i of fromBack) {
    const isFaint = isolated !== null && isolated !== labels[i];
    pen.globalAlpha = isFaint ? 0.12 : 0.8 + 0.2 * nearness[i];
    pen.fillStyle = palette[labels[i]];
    pen.beginPath();
    const place = toScreen(points[2 * i], points[2 * i + 1]);
    pen.arc(...place, radius * (1 + DEPTH * nearness[i]), 0, 2 * Math.PI);
    pen.fill();
  }
}
