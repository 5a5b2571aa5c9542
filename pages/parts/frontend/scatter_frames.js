// Where the points of a film are, in the units of its data, as [x0, y0, x1, y1, ...].

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
  return Float32Array.from(numbers, (n, i) => low[i % 2] + (n / FINEST) * span[i % 2]);
}

function mix(before, after, share) {
  return Float32Array.from(before, (x, i) => x + (after[i] - x) * share);
}

function firstPoints({ frames, data }) {
  return worldPoints(frames[0], data);
}

function areClose(points, others, span) {
  return points.every((x, i) => Math.abs(x - others[i]) <= span[i % 2] * 1e-3);
}
