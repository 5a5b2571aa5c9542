// Places on the curve pad: from the units of the curve to shares of a panel, and back.

const SIDE_MARGIN = 0.03; // of the width, so that a point at the end of the range is seen whole

const span = ({ low, high }) => high - low;
const clamp = (value, { low, high }) => Math.min(high, Math.max(low, value));
const rounded = (value) => Math.round(100 * value) / 100;

// Where a point may be: in the range, and where points snap, on the curve.
function allowed({ data }, [x, y]) {
  const inside = rounded(clamp(x, data.x_axis));
  return [inside, data.snap ? rounded(truthAt(data, inside)) : rounded(clamp(y, data.y_axis))];
}

function seenRange({ x_axis }) {
  const margin = SIDE_MARGIN * span(x_axis);
  return [x_axis.low - margin, x_axis.high + margin];
}

function xShare(data, x) {
  const [left, right] = seenRange(data);
  return (x - left) / (right - left);
}

function yShare({ y_axis }, y) {
  return (y_axis.high - y) / span(y_axis);
}

function placeOf({ data }, { paper }, event) {
  const box = paper.getBoundingClientRect();
  const [left, right] = seenRange(data);
  return [
    left + ((right - left) * (event.clientX - box.left)) / box.width,
    data.y_axis.high - (span(data.y_axis) * (event.clientY - box.top)) / box.height,
  ];
}

// The given points of the curve are close, so it is interpolated linearly between two of them.
function truthAt(data, x) {
  const [xs, ys] = [fromFloats(data.x), fromFloats(data.truth)];
  const right = Math.max(1, xs.findIndex((value) => value >= x));
  const share = clamp((x - xs[right - 1]) / (xs[right] - xs[right - 1]), { low: 0, high: 1 });
  return ys[right - 1] + share * (ys[right] - ys[right - 1]);
}

function fromFloats(text) {
  return new Float32Array(fromBase64(text).buffer);
}
