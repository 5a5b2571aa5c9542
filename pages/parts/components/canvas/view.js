// What the canvas shows: the picture, what is painted on it, the tools and the status line.

const SEEN_THROUGH = 70; // of 255: the opacity of a covered pixel that shines through
const INK = 255;
const LARGEST_BRUSH = 6; // pixels of the picture

// In mode "draw" the picture disappears with the first stroke.
function show(canvas) {
  const { picture, width, height, image, painted, mode, seesThrough } = canvas;
  const pixels = new ImageData(width, height);
  const covered = seesThrough ? SEEN_THROUGH : 0;
  const isDrawing = mode === "draw" && painted.includes(1);
  for (let i = 0; i < painted.length; i++) {
    const grey = isDrawing ? INK * painted[i] : image[i];
    const opacity = painted[i] && mode === "mask" ? covered : 255;
    pixels.data.set([grey, grey, grey, opacity], 4 * i);
  }
  picture.getContext("2d").putImageData(pixels, 0, 0);
  showControls(canvas);
}

function showControls(canvas) {
  const { buttons, painted, mode } = canvas;
  const count = painted.reduce((sum, bit) => sum + bit, 0);
  buttons.brush.setAttribute("aria-pressed", canvas.tool === "brush");
  buttons.eraser.setAttribute("aria-pressed", canvas.tool === "eraser");
  buttons.undo.disabled = canvas.done.length === 0;
  buttons.redo.disabled = canvas.undone.length === 0;
  buttons.clear.disabled = count === 0;
  buttons.invert.disabled = mode === "draw";
  canvas.root.dataset.painted = count;
  canvas.hint.hidden = count > 0 || !canvas.hint.textContent;
  if (canvas.stroke) return; // a screen reader hears the count once the pen is up
  const percent = Math.round((100 * count) / painted.length);
  const [empty, filled] = {
    mask: ["Paint over the picture to hide a part of it.", `${percent} % of the pixels hidden`],
    draw: [canvas.hint.textContent || "Nothing drawn.", `${percent} % of the paper inked`],
  }[mode];
  canvas.status.textContent = count ? filled : empty;
}

// A titled paper has its tools beside the title, above it: there they come before it for the
// keyboard too.
function showTitle(canvas, { title, colour, hint, erases }) {
  const { root, surface } = canvas;
  canvas.title.textContent = title;
  canvas.hint.textContent = hint;
  root.classList.toggle("titled", title !== "");
  root.classList.toggle("pen-only", !erases);
  root.style.setProperty("--own-colour", colour || "currentcolor");
  if (title && surface.previousElementSibling !== canvas.toolbar) surface.before(canvas.toolbar);
}

function setBrush(canvas, size) {
  canvas.brush = Math.min(LARGEST_BRUSH, Math.max(1, size));
  canvas.sizeSlider.value = canvas.brush;
  canvas.root.style.setProperty("--brush", canvas.brush);
  const { style } = canvas.cursorRing;
  style.width = `${(100 * canvas.brush) / canvas.width}%`;
  style.height = `${(100 * canvas.brush) / canvas.height}%`;
}

function placeCursorRing(canvas, [x, y]) {
  canvas.cursorRing.style.left = `${(100 * x) / canvas.width}%`;
  canvas.cursorRing.style.top = `${(100 * y) / canvas.height}%`;
}
