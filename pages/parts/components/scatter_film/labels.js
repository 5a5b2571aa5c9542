// What says which point is which: the legend, and the tooltip beside the pointer.

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

function showTooltip(film) {
  const { pointer, view, points, labels, isolated, tooltip, portrait } = film;
  const point = pointer && !film.press ? pointAt(view, points, labels, isolated, pointer) : -1;
  tooltip.hidden = point < 0;
  if (point < 0) return;
  film.name.textContent = film.data.names[labels[point]];
  showNearest(film, point);
  const pictures = picturesOf(film.data.film);
  portrait.hidden = !pictures;
  if (pictures) drawPortrait(portrait, pictures, point);
  const [x, y] = pointer;
  const isRight = x > view.canvas.clientWidth / 2;
  const isLow = y > view.canvas.clientHeight / 2;
  tooltip.style.left = `${isRight ? x - tooltip.offsetWidth - 12 : x + 12}px`;
  tooltip.style.top = `${isLow ? y - tooltip.offsetHeight - 12 : y + 12}px`;
  film.root.dataset.hovered = point;
}

// The class of the point's nearest neighbour at the frame on screen, with a mark where it is another.
function showNearest({ nearest, nearestName, labels, position, data }, point) {
  nearestName.hidden = !nearest;
  if (!nearest) return;
  const label = nearest[Math.round(position) * labels.length + point];
  nearestName.textContent = `nearest: ${data.names[label]}${label === labels[point] ? "" : " ✗"}`;
}
