// Where the points of a film are, in the units of its data, as [x0, y0, x1, y1, ...] or
// in space as [x0, y0, z0, ...].

const FINEST = 65535; // coordinates come as whole numbers from 0 to this

function decodeFrames(text, count) {
  const numbers = new Uint16Array(fromBase64(text).buffer);
  const size = numbers.length / count;
  return Array.from({ length: count }, (_, i) => numbers.subarray(i * size, (i + 1) * size));
}

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

function firstPoints({ frames, data }) {
  return worldPoints(frames[0], data);
}

function areClose(points, others, span) {
  const axes = span.length;
  return points.every((x, i) => Math.abs(x - others[i]) <= span[i % axes] * 1e-3);
}
