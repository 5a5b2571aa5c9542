// Which point is which: the legend, and the tooltip beside the pointer.

// A button a class; pressed is the one that is seen alone.
function showLegend(film) {
  const wanted = JSON.stringify([film.data.names, film.palette]);
  if (film.legendShown !== wanted) {
    film.legend.replaceChildren(...film.data.names.map((name, label) => legendEntry(film, name, label)));
    film.legendShown = wanted;
  }
  film.legend.classList.toggle("isolating", film.isolated !== null);
  [...film.legend.children].forEach((button, label) => {
    button.setAttribute("aria-pressed", film.isolated === label);
  });
}

function legendEntry(film, name, label) {
  const button = document.createElement("button");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = film.palette[label];
  button.type = "button";
  button.append(swatch, name);
  button.onclick = () => isolate(film, film.isolated === label ? null : label);
  return button;
}

function isolate(film, label) {
  film.isolated = label;
  showLegend(film);
  draw(film);
}

function listenToHovering(film) {
  film.canvas.addEventListener("pointermove", (event) => hover(film, event));
  film.canvas.addEventListener("pointerleave", () => {
    film.pointer = null;
    showTooltip(film);
  });
}

function hover(film, event) {
  film.pointer = placeOnCanvas(film.canvas, event);
  showTooltip(film);
}

// `film.describe(point)` shows what else is known of a point, its picture for one.
function showTooltip(film) {
  const { pointer, canvas, labels, tooltip } = film;
  const point = pointer && !film.press ? pointAt(film, pointer) : -1;
  tooltip.hidden = point < 0;
  film.root.dataset.hovered = point;
  if (point < 0) return;
  film.name.textContent = film.data.names[labels[point]];
  film.describe(point);
  const [x, y] = pointer;
  const isRight = x > canvas.clientWidth / 2;
  const isLow = y > canvas.clientHeight / 2;
  tooltip.style.left = `${isRight ? x - tooltip.offsetWidth - 12 : x + 12}px`;
  tooltip.style.top = `${isLow ? y - tooltip.offsetHeight - 12 : y + 12}px`;
}
