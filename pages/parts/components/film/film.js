// A loop of pictures or of moving points, in the colours of the theme.

const FRAME_MS = 40; // between two drawings
const FADE = 0.45; // share of a picture's time in which it fades into the next
const POINT_RADIUS = 0.011; // share of the film's height
const MARGIN = 0.05; // around the points, share of the film's height

function rgb(css) {
  const probe = new OffscreenCanvas(1, 1).getContext("2d");
  probe.fillStyle = css;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

// Hue 0 is the colour of the text, hue k the k-th colour of the charts.
function colours(style) {
  const charts = style.getPropertyValue("--st-chart-categorical-colors");
  return `${style.color};${charts.replaceAll(",", ";")}`;
}

// Picture `index`, faded into the next one by `share`.
function paintPicture(context, film, tones, index, share) {
  const { width, height, count, ink, hue } = film;
  const size = width * height;
  const here = index * size;
  const next = ((index + 1) % count) * size;
  const image = context.createImageData(width, height);
  for (let i = 0; i < size; i += 1) {
    const current = ink[here + i] * (1 - share);
    const coming = ink[next + i] * share;
    const alpha = current + coming;
    if (alpha === 0) continue;
    const from = tones[hue[here + i]];
    const to = tones[hue[next + i]];
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = (from[c] * current + to[c] * coming) / alpha;
    image.data[4 * i + 3] = alpha;
  }
  context.putImageData(image, 0, 0);
}

// Points at `share` of the way from frame `index` to the next. The last frame jumps to the first.
function paintPoints(context, film, tones, index, share) {
  const { width, height, count, points, hue } = film;
  const here = index * hue.length * 2;
  const next = index + 1 < count ? here + hue.length * 2 : here;
  const margin = MARGIN * height;
  const place = (at, span) => {
    const part = (points[here + at] * (1 - share) + points[next + at] * share) / 65535;
    return margin + (span - 2 * margin) * part;
  };
  context.clearRect(0, 0, width, height);
  for (let i = 0; i < hue.length; i += 1) {
    context.fillStyle = `rgb(${tones[hue[i]]})`;
    context.beginPath();
    const [x, y] = [place(2 * i, width), height - place(2 * i + 1, height)];
    context.arc(x, y, POINT_RADIUS * height, 0, 2 * Math.PI);
    context.fill();
  }
}

function decode(data) {
  const hue = fromBase64(data.hue);
  if (data.points) return { ...data, hue, points: new Uint16Array(fromBase64(data.points).buffer) };
  return { ...data, hue, ink: fromBase64(data.ink) };
}

// The picture or frame at a time, and the share of the next one.
function position(film, now, start, isMotionReduced) {
  if (isMotionReduced) return { index: film.count - 1, share: 0 };
  const at = (Math.max(0, now - start) / 1000 / film.seconds) % film.count;
  const index = Math.floor(at);
  const share = film.points ? at - index : Math.max(0, (at - index - 1 + FADE) / FADE);
  return { index, share };
}

export default function ({ data, parentElement }) {
  const canvas = parentElement.querySelector("canvas");
  const film = decode(data);
  const paint = film.points ? paintPoints : paintPicture;
  canvas.setAttribute("aria-label", film.alt);
  canvas.classList.toggle("pixels", !film.points);
  canvas.width = film.width;
  canvas.height = film.height;
  canvas.style.aspectRatio = `${film.width} / ${film.height}`;
  const context = canvas.getContext("2d");
  const isMotionReduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const style = getComputedStyle(canvas);
  const start = performance.now();
  let request = 0;
  let painted = "";
  let paintedAt = -FRAME_MS;
  let theme = "";
  let tones = [];

  const draw = (now) => {
    request = requestAnimationFrame(draw);
    if (now - paintedAt < FRAME_MS) return;
    const { index, share } = position(film, now, start, isMotionReduced);
    if (colours(style) !== theme) {
      theme = colours(style);
      tones = theme.split(";").map(rgb);
    }
    const wanted = `${index} ${share} ${theme}`;
    if (wanted === painted) return;
    paint(context, film, tones, index, share);
    painted = wanted;
    paintedAt = now;
    canvas.dataset.frame = String(index);
  };
  request = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(request);
}
