// Where the points of a film are. These files draw the film on the page and the exported film alike;
// each of the two defines `draw(film)`, which is called whenever something on screen changes.
//
// A film is {canvas, view, data, frames, labels, palette, position, ...}: `position` counts frames
// and may lie between two of them. Points are [x0, y0, x1, y1, ...], or [x0, y0, z0, ...] in space.

const FINEST = 65535; // coordinates come as whole numbers from 0 to this

function decodeFrames(text, count) {
  const numbers = new Uint16Array(fromBase64(text).buffer);
  const size = numbers.length / count;
  return Array.from({ length: count }, (_, i) => numbers.subarray(i * size, (i + 1) * size));
}

// In the units of the data, at the film's position.
function pointsAt({ frames, position, data, morph }) {
  const isBetween = !wantsLessMotion();
  const before = frames[isBetween ? Math.floor(position) : Math.round(position)];
  const after = frames[isBetween ? Math.ceil(position) : Math.round(position)];
  const points = worldPoints(mix(before, after, position - Math.floor(position)), data);
  if (!morph) return points;
  const old = morph.from.map((unit, i) => data.low[i % 2] + unit * data.span[i % 2]);
  return mix(old, points, morph.share * morph.share * (3 - 2 * morph.share));
}

function worldPoints(numbers, { low, span }) {
  const axes = low.length;
  return Float32Array.from(numbers, (n, i) => low[i % axes] + (n / FINEST) * span[i % axes]);
}

function mix(before, after, share) {
  return Float32Array.from(before, (x, i) => x + (after[i] - x) * share);
}

// What the view has to hold: all points, and in space from whichever side they are seen.
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
