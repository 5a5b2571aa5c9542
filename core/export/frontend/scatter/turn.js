// Points in space, turned by a drag or by keys. What is on screen is flat, so that all else works on
// it as on points in the plane.

const TURN_PER_PIXEL = 0.01; // radians
const TURN_PER_KEY = 0.15;
const DEPTH = 0.35; // by how much the nearest points are larger than those in the middle
const TURN_KEYS = {
  a: (film) => turn(film, -TURN_PER_KEY, 0),
  d: (film) => turn(film, TURN_PER_KEY, 0),
  w: (film) => turn(film, 0, -TURN_PER_KEY),
  s: (film) => turn(film, 0, TURN_PER_KEY),
};

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

function turn(film, yaw, pitch) {
  if (!isSolid(film)) return;
  film.turn.yaw += yaw;
  film.turn.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, film.turn.pitch + pitch));
  draw(film);
}

// Whether a drag turns the points: one pointer is down, `press.last`, and draws no lasso.
function isTurning(film) {
  return isSolid(film) && film.press !== null && film.lasso === null;
}

function listenToTurning(film) {
  film.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (!isTurning(film)) return;
    const [x, y] = film.press.last;
    film.press.last = [offsetX, offsetY];
    turn(film, (offsetX - x) * TURN_PER_PIXEL, (offsetY - y) * TURN_PER_PIXEL);
  });
}
