// A digit of one's own as the network sees it, and its neighbours. The film draws it as a star.

export default function ownDigit(component) {
  return mountPanel(component, { create, receive, show, leave });
}

function create(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  return {
    root: find(".neighbours"),
    portrait: find(".portrait"),
    rows: [find(".features"), find(".pixels")],
    pictureTemplate: find("template.picture"),
    shown: null,
  };
}

function receive(panel) {
  const { film, picture, places, nearest } = panel.data;
  const ownPoints = (globalThis.glimpseOwnPoints ??= new Map());
  ownPoints.set(film, { places, neighbours: nearest[0] });
  const isNew = panel.shown !== picture;
  panel.shown = picture;
  askFilm(film, isNew ? { end: true } : {}); // where the features are the shipped encoder's
}

function leave({ film }) {
  globalThis.glimpseOwnPoints.delete(film);
  askFilm(film);
}

function show(panel) {
  const { data, portrait, rows, root } = panel;
  panel.pictures = picturesOf(data.film);
  if (!panel.pictures) return;
  const { width, height } = panel.pictures;
  drawPortrait(portrait, { grey: fromBase64(data.picture), width, height }, 0);
  rows.forEach((row, i) => {
    write(row.querySelector(".count"), data.counts[i]);
    showPictures(panel, row.querySelector(".nearest"), data.nearest[i], () => false);
  });
  root.dataset.nearest = data.nearest[0].join(" ");
}
