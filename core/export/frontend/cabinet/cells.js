// Where the cells of a cabinet are, and how each says how much is known of its class: in the colour
// behind its drawing, and in how strong the drawing is.
//
// Lengths are in pixels of the screen, of which `density` make one of the page, unless they say so.

const NOT_MET = 255;
const TALLNESS = 0.6; // height of a cabinet, in its widths
const SMALLEST_CELL = 12; // pixels of the page, of a side
const LARGEST_CELL = 64;
const EDGE = 2; // pixels of the page around all cells, for a ring
const MARGIN = 0.04; // around a drawing, in sides of the cell
const FINENESS = 24; // tones between none right and all right
const FILL = 0.62; // opacity of the colours
const FAINT_INK = 0.16; // of a class that was not met
const FADED_INK = 0.45; // of a class of which nothing is known

// The cells in reading order, as square as whole pixels allow, from edge to edge of so many pixels of
// the page.
function gridOf(width, count) {
  const density = window.devicePixelRatio || 1;
  const edge = Math.round(EDGE * density);
  const wanted = Math.sqrt((TALLNESS * width * width) / count);
  const columns = Math.ceil(width / Math.min(LARGEST_CELL, Math.max(SMALLEST_CELL, wanted)));
  const cell = (width * density - 2 * edge) / columns;
  const height = (Math.ceil(count / columns) * cell + 2 * edge) / density; // of the page
  return { count, columns, cell, edge, density, height };
}

function boxOf({ columns, cell, edge, density }, index) {
  const place = (at) => edge + Math.round(at * cell);
  const [column, row] = [index % columns, Math.floor(index / columns)];
  const gap = Math.round(density);
  const [x, y] = [place(column), place(row)];
  return { x, y, width: place(column + 1) - x - gap, height: place(row + 1) - y - gap };
}

// The index of the cell at a place of the page within the canvas, or -1.
function cellAt({ count, columns, cell, edge, density }, place) {
  const [column, row] = place.map((at) => Math.floor((at * density - edge) / cell));
  const index = row * columns + column;
  return column >= 0 && column < columns && row >= 0 && index < count ? index : -1;
}

// ---- colours ------------------------------------------------------------------------------------

// The colours of the cells on paper, from none right to all right.
function tonesOf(paper, wrong, right) {
  const [from, to] = [wrong, right].map(levelsOf);
  return Array.from({ length: FINENESS + 1 }, (_, i) =>
    cssOf(between(levelsOf(paper), between(from, to, i / FINENESS), FILL)),
  );
}

function between(from, to, share) {
  return from.map((level, i) => level + (to[i] - level) * share);
}

function cssOf(levels) {
  return `rgb(${levels.map(Math.round).join(" ")})`;
}

const levels = new Map(); // of the colours seen so far

function levelsOf(css) {
  if (!levels.has(css)) {
    const pen = new OffscreenCanvas(1, 1).getContext("2d");
    pen.fillStyle = css.trim();
    pen.fillRect(0, 0, 1, 1);
    levels.set(css, [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3));
  }
  return levels.get(css);
}

// ---- drawing ------------------------------------------------------------------------------------

// All drawings in one colour and in the size of a cell, one below the other in columns as in the
// cabinet. They are made anew where one of these has changed.
function inkOf(film, { grid, ink }) {
  const { pictures } = film;
  const wanted = JSON.stringify([grid, ink]);
  if (film.ink?.pictures === pictures && film.ink?.made === wanted) return film.ink;
  const side = Math.floor(grid.cell) - Math.round(grid.density);
  const rows = Math.ceil(grid.count / grid.columns);
  const sheet = new OffscreenCanvas(grid.columns * side, rows * side);
  film.ink = { pictures, made: wanted, sheet, side };
  if (pictures) drawInk(film.ink, grid, levelsOf(ink));
  return film.ink;
}

function drawInk({ pictures, sheet, side }, { count, columns }, colour) {
  const { grey, width, height } = pictures;
  const one = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  const pen = sheet.getContext("2d");
  pen.imageSmoothingQuality = "high";
  const scale = (side * (1 - 2 * MARGIN)) / Math.max(width, height);
  const [across, up] = [width * scale, height * scale];
  const arrived = Math.min(count, grey.length / (width * height)); // they come apart from the film
  for (let i = 0; i < arrived; i++) {
    const begin = i * width * height;
    for (let at = 0; at < width * height; at++) {
      image.data.set([...colour, grey[begin + at]], 4 * at);
    }
    one.getContext("2d").putImageData(image, 0, 0);
    const [x, y] = [(i % columns) * side, Math.floor(i / columns) * side];
    pen.drawImage(one, x + (side - across) / 2, y + (side - up) / 2, across, up);
  }
}

// `shareOf(index)` is how much of a class is known, null before it is met.
function drawCells(canvas, { grid, tones, ink }, { sheet, side }, shareOf, { newest, pointed }) {
  const pen = clearCanvas(canvas);
  pen.resetTransform();
  for (let i = 0; i < grid.count; i++) {
    const { x, y, width, height } = boxOf(grid, i);
    const share = shareOf(i);
    pen.globalAlpha = 1;
    if (share !== null) {
      pen.fillStyle = tones[Math.round(share * FINENESS)];
      pen.fillRect(x, y, width, height);
    }
    pen.globalAlpha = share === null ? FAINT_INK : FADED_INK + (1 - FADED_INK) * share;
    const [left, top] = [(i % grid.columns) * side, Math.floor(i / grid.columns) * side];
    const [right, down] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
    pen.drawImage(sheet, left, top, side, side, x + right, y + down, side, side);
  }
  pen.globalAlpha = 1;
  pen.strokeStyle = ink;
  if (newest >= 0) drawRing(pen, grid, newest, 2);
  if (pointed >= 0) drawRing(pen, grid, pointed, 1);
}

// Around the cell, so that a small one is still seen.
function drawRing(pen, grid, index, thickness) {
  const { x, y, width, height } = boxOf(grid, index);
  const line = thickness * Math.round(grid.density);
  pen.lineWidth = line;
  pen.strokeRect(x - line / 2, y - line / 2, width + line, height + line);
}
