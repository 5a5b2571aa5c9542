// The colours of the points: how they change from what is on screen to what the server has sent. The
// change runs over the map from the newest label, and fades in where it arrives.

const RUN_S = 0.6; // until it has come to the other end of the map
const FADE_S = 0.25;
const NO_CLASS = 255;

// {classes, certainty} of all points, from 0 to 1.
function decodeColours({ classes, certainty }) {
  return {
    classes: fromBase64(classes),
    certainty: Float32Array.from(fromBase64(certainty), (level) => level / 255),
  };
}

// When the change reaches each point, in seconds.
function arrivals(world, from) {
  const count = world.length / 2;
  if (from === null) return new Float32Array(count);
  const away = Float32Array.from({ length: count }, (_, i) => {
    return Math.hypot(world[2 * i] - world[2 * from], world[2 * i + 1] - world[2 * from + 1]);
  });
  const farthest = away.reduce((most, each) => Math.max(most, each), 1e-9);
  return away.map((each) => (each / farthest) * RUN_S);
}

// The class and the opacity of a point, so many seconds after the change began. A point that gets
// another class loses the colour that it had first.
function colourAt({ before, after, delays }, point, seconds) {
  const share = Math.min(1, Math.max(0, (seconds - delays[point]) / FADE_S));
  const [from, to] = [before, after].map(({ classes, certainty }) => {
    return { label: classes[point], alpha: classes[point] === NO_CLASS ? 0 : certainty[point] };
  });
  if (from.label === to.label) {
    return { label: to.label, alpha: from.alpha + (to.alpha - from.alpha) * share };
  }
  if (share < 0.5) return { label: from.label, alpha: from.alpha * (1 - 2 * share) };
  return { label: to.label, alpha: to.alpha * (2 * share - 1) };
}
