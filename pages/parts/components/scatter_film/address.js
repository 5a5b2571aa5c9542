// The view of a film as one parameter of the address: what differs from the film's first view. It is
// written once nothing moves any more, and kept for when the film is made anew after a visit to
// another page.

const REST_MS = 400;
const DEGREE = Math.PI / 180;

function filmViews() {
  return (globalThis.glimpseFilmViews ??= new Map());
}

// What the film begins with: the view that it was left with, else that of the address.
function startOf({ data }) {
  return filmViews().get(data.film) ?? data.start;
}

// Once the canvas has a size, which it needs.
function beginView(film, { zoom, across = 0, up = 0, yaw, pitch }) {
  if (isSolid(film)) {
    const [firstYaw, firstPitch] = film.data.turn;
    film.turn.yaw = yaw === undefined ? firstYaw : yaw * DEGREE;
    film.turn.pitch = pitch === undefined ? firstPitch : pitch * DEGREE;
  }
  if (zoom === undefined) return;
  const [low, high] = film.view.bounds;
  film.view.scale = zoom * fittingScale(film.view);
  film.view.centre = [across, up].map(
    (share, i) => (low[i] + high[i]) / 2 + (share * (high[i] - low[i])) / 2,
  );
}

function viewOf(film) {
  const { data, picks, position, turn, view } = film;
  const rests = !film.isPlaying && !film.isFollowing;
  const shown = picksOf(picks, data.usual, film.labels.length);
  if (film.isolated !== null) shown.class = film.isolated;
  if (rests && position < lastFrame(film)) shown.step = Math.round(stepAt(film));
  if (view.scale !== null) {
    const [low, high] = view.bounds;
    shown.zoom = rounded(view.scale / fittingScale(view));
    [shown.across, shown.up] = view.centre.map((place, i) =>
      rounded((2 * place - low[i] - high[i]) / (high[i] - low[i])),
    );
  }
  if (isSolid(film) && (turn.yaw !== data.turn[0] || turn.pitch !== data.turn[1])) {
    const yaw = turn.yaw / DEGREE;
    shown.yaw = rounded(yaw - 360 * Math.round(yaw / 360));
    shown.pitch = rounded(turn.pitch / DEGREE);
  }
  return shown;
}

// The chosen digit, 0 for none; several picked points as one bit a point.
function picksOf({ points, chosen }, usual, count) {
  if (chosen === null) return { digit: 0 };
  const digit = chosen === usual ? {} : { digit: chosen + 1 };
  if (points.length < 2) return digit;
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (const point of points) bits[point >> 3] |= 1 << (point & 7);
  const group = toBase64(bits).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return { ...digit, group };
}

function rounded(value) {
  return Math.round(1000 * value) / 1000 || 0; // no -0
}

function keepView(film) {
  const shown = viewOf(film);
  filmViews().set(film.data.film, shown);
  clearTimeout(film.restTimer);
  if (!film.data.address || film.isPlaying || film.press) return; // it will be drawn again
  film.restTimer = setTimeout(() => writeAddress(film, shown), REST_MS);
}

// Without an entry in the browser's history. The server is told too, but not at first: on hearing
// of it the server runs again, and its warning of a wrong address would be gone.
function writeAddress(film, shown) {
  const isFirst = !film.isWritten;
  film.isWritten = true;
  const text = Object.entries(shown).map((part) => part.join("_")).join(" ");
  const { address } = film.data;
  const url = new URL(window.location.href);
  if ((url.searchParams.get(address) ?? "") === text) return;
  if (text) url.searchParams.set(address, text);
  else url.searchParams.delete(address);
  window.history.replaceState(window.history.state, "", url);
  if (!isFirst) film.send("view", text);
}
