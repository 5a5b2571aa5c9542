// A digit of one's own: how the network sees it, and what is near it. The film draws it as a star.

const panels = new WeakMap();

export default function ownDigit({ data, parentElement }) {
  let panel = panels.get(parentElement);
  if (!panel) {
    panel = createPanel(parentElement);
    panels.set(parentElement, panel);
  }
  receive(panel, data);
  return () => {
    panels.delete(parentElement);
    panel.listening.abort();
    globalThis.glimpseFilmGuests.delete(data.film);
    askFilm(data.film);
  };
}

function createPanel(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  return {
    root: find(".neighbours"),
    portrait: find(".portrait"),
    rows: [find(".features"), find(".pixels")],
    pictureTemplate: find("template.picture"),
    data: null,
    shown: null,
    listening: new AbortController(),
  };
}

function receive(panel, data) {
  panel.data = { ...data, labels: fromBase64(data.labels) };
  panel.listening.abort();
  panel.listening = new AbortController();
  onMoment(data.film, panel.listening.signal, () => show(panel)); // pictures may come later
  const guests = (globalThis.glimpseFilmGuests ??= new Map());
  guests.set(data.film, { places: data.places, neighbours: data.nearest[0] });
  const isNew = panel.shown !== data.picture;
  panel.shown = data.picture;
  askFilm(data.film, isNew ? { end: true } : {}); // where the features are the shipped encoder's
  show(panel);
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
