// The picked points of a film and the neighbours of the chosen one, in step with the film. The server
// sends the neighbours of all frames at once, so that the film plays without it.

const MOST_PICTURES = 300; // that are shown of a lasso's points

export default function neighbours(component) {
  return mountPanel(component, { create, receive, show, leave });
}

function create(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const film = () => panels.get(parentElement).data.film;
  find(".previous").onclick = () => askFilm(film(), { next: -1 });
  find(".next").onclick = () => askFilm(film(), { next: 1 });
  return {
    root: find(".neighbours"),
    chosen: find(".chosen"),
    portrait: find(".portrait"),
    what: find(".what"),
    which: find(".which"),
    rows: find(".rows"),
    group: find(".group"),
    hint: find(".hint"),
    rowTemplate: find("template.row"),
    pictureTemplate: find("template.picture"),
  };
}

function receive(panel) {
  const { film, chosen, nearest } = panel.data;
  panel.nearest = new Uint16Array(fromBase64(nearest).buffer);
  const neighbours = (globalThis.glimpseFilmNeighbours ??= new Map());
  neighbours.set(film, { chosen, at: (frame) => nearestAt(panel, frame) });
  askFilm(film); // to draw its lines to them
}

function leave({ film }) {
  globalThis.glimpseFilmNeighbours.delete(film);
}

// The row of `data.nearest` (frames, k) of a frame; of the last one where the film has more.
function nearestAt({ nearest, data: { count } }, frame) {
  const row = Math.min(frame, nearest.length / count - 1);
  return [...nearest.subarray(row * count, (row + 1) * count)];
}

// ---- what is on screen ------------------------------------------------------------------------

function show(panel) {
  const { data, root } = panel;
  const moment = filmMoments().get(data.film);
  const pictures = picturesOf(data.film);
  if (!moment || !pictures) return;
  panel.pictures = pictures;
  const isKnown = moment.chosen !== null && moment.chosen === data.chosen;
  panel.chosen.hidden = panel.rows.hidden = moment.chosen === null;
  panel.hint.textContent = data.hint;
  if (moment.chosen !== null) showChosen(panel, moment.chosen);
  if (isKnown) showRows(panel, moment);
  showGroup(panel, moment);
  Object.assign(root.dataset, { chosen: isKnown ? moment.chosen : "", frame: moment.frame });
}

function showChosen({ portrait, what, which, data, pictures }, point) {
  portray(portrait, pictures, point);
  const thing = data.withArticle[data.labels[point]]; // a 3, an 8
  portrait.setAttribute("aria-label", `The chosen picture, ${thing}`);
  what.textContent = thing[0].toUpperCase() + thing.slice(1);
  which.textContent = `no. ${point + 1}`;
}

function showRows(panel, { frame, step, chosen }) {
  const { rows, rowTemplate, data } = panel;
  const first = `step ${data.firstStep.toLocaleString("en")}`;
  const contents = [
    [`Features, step ${step.toLocaleString("en")}`, nearestAt(panel, frame)],
    [`Features, ${first}`, data.first],
    ["Raw pixels", data.pixels],
  ];
  fitCount(rows, contents.length, rowTemplate);
  contents.forEach(([title, points], i) => showRow(panel, rows.children[i], title, points, chosen));
}

function showRow(panel, row, title, points, chosen) {
  const { labels, names } = panel.data;
  const right = points.filter((point) => labels[point] === labels[chosen]).length;
  const verb = right === 1 ? "is" : "are";
  const count = `${right} of ${points.length} ${verb} ${names[labels[chosen]]}`;
  write(row.querySelector(".title"), title);
  write(row.querySelector(".count"), count);
  row.setAttribute("aria-label", `${title}: ${count}`);
  const isWrong = (point) => labels[point] !== labels[chosen];
  showPictures(panel, row.querySelector(".nearest"), points, isWrong);
}

function showGroup(panel, { points, chosen }) {
  const shown = points.length > 1 ? points.slice(0, MOST_PICTURES) : [];
  panel.group.hidden = !shown.length;
  showPictures(panel, panel.group, shown, () => false);
  [...panel.group.children].forEach((button, i) => {
    button.setAttribute("aria-pressed", shown[i] === chosen);
  });
  if (!shown.length) return;
  const rest = points.length - shown.length;
  const counts = countClasses(panel, points);
  panel.hint.textContent = `${points.length} picked: ${counts}${rest ? `; the first ${MOST_PICTURES} are shown` : ""}.`;
}

// "12 of 4, 3 of 9", the most frequent class first.
function countClasses({ data: { labels, names } }, points) {
  const counts = new Map();
  for (const point of points) counts.set(labels[point], (counts.get(labels[point]) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([label, count]) => `${count} × ${names[label]}`).join(", ");
}
