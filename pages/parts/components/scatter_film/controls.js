// What the buttons and keys of a film of points do, beside those of its player.

function listenToControls(film) {
  listenToButtons(film);
  film.reset.onclick = () => showAll(film);
  film.lassoButton.onclick = () => switchLasso(film);
  listenToKeys(film.root, KEYS, film);
}

const KEYS = {
  ...TURN_KEYS,
  ...PLAYER_KEYS,
  0: showAll,
  "+": (film) => zoom(film, 1.3),
  "-": (film) => zoom(film, 1 / 1.3),
  n: (film) => pickNext(film, 1),
  p: (film) => pickNext(film, -1),
  l: switchLasso,
  Escape: (film) => pick(film, [], null),
};

function showControls(film) {
  const { data } = film;
  showPlayer(film, `step ${data.steps[Math.round(film.position)].toLocaleString("en")}`);
  film.lassoButton.hidden = data.picked === null;
  film.lassoButton.setAttribute("aria-pressed", film.isLassoing);
  film.reset.hidden = film.view.scale === null;
  film.canvas.classList.toggle("zoomed", film.view.scale !== null);
  film.canvas.classList.toggle("solid", isSolid(film));
  film.canvas.classList.toggle("lassoing", film.isLassoing);
}
