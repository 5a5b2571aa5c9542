// What is said of the cell under the pointer, or of the one that keys have gone to.

const AWAY = 6; // pixels of the page from a cell to its tooltip
const CELL_KEYS = {
  n: (film) => goTo(film, film.pointed + 1),
  p: (film) => goTo(film, film.pointed - 1),
  ArrowDown: (film) => goTo(film, film.pointed + film.grid.columns),
  ArrowUp: (film) => goTo(film, film.pointed - film.grid.columns),
  Escape: (film) => point(film, null, -1),
};

function listenToCells(film, side) {
  const { canvas } = side;
  const follow = (event) => point(film, side, cellAt(film.grid, placeOnCanvas(canvas, event)));
  canvas.onpointermove = canvas.onpointerdown = follow;
  canvas.onpointerleave = ({ pointerType }) => {
    if (pointerType !== "touch") point(film, null, -1); // a finger that is lifted has left too
  };
  canvas.onfocus = () => {
    if (canvas.matches(":focus-visible")) point(film, side, Math.max(0, newestOf(film)));
  };
  canvas.onblur = () => point(film, null, -1);
  listenToKeys(canvas, CELL_KEYS, film);
}

function goTo(film, index) {
  if (film.side && index >= 0 && index < film.grid.count) point(film, film.side, index);
}

function point(film, side, index) {
  if (film.side === side && film.pointed === index) return;
  Object.assign(film, { side, pointed: index });
  draw(film);
}

function showTooltips(film) {
  for (const side of film.sides) {
    const isShown = side === film.side && film.pointed >= 0;
    side.tooltip.hidden = !isShown;
    if (isShown) showTooltip(film, side);
  }
}

function showTooltip(film, { tooltip, name, portrait, canvas, learner }) {
  const { grid, pointed, pictures } = film;
  name.textContent = describe(film, learner, pointed);
  portrait.hidden = !pictures;
  if (pictures) drawPortrait(portrait, pictures, pointed);
  const { x, y, height } = boxOf(grid, pointed);
  const [left, top, bottom] = [x, y, y + height].map((at) => at / grid.density);
  const isLow = top > canvas.clientHeight / 2;
  tooltip.style.left = `${Math.max(0, Math.min(left, canvas.clientWidth - tooltip.offsetWidth))}px`;
  tooltip.style.top = `${isLow ? top - tooltip.offsetHeight - AWAY : bottom + AWAY}px`;
}

function describe(film, learner, index) {
  const right = film.frames[Math.round(film.position)][learner * film.data.classes + index];
  if (right === NOT_MET) return `number ${index + 1}: not met yet`;
  const name = film.arrives ? `met as number ${index + 1}` : `class ${index + 1}`;
  return `${name}: ${right} of ${film.data.asked} right`;
}
