// What the buttons and keys of a film do.

function listenToControls(film) {
  film.play.onclick = () => playOrPause(film);
  film.back.onclick = () => stepFrame(film, -1);
  film.forward.onclick = () => stepFrame(film, 1);
  film.scrubber.oninput = () => seek(film, Number(film.scrubber.value));
  film.live.onclick = () => follow(film);
  film.reset.onclick = () => showAll(film);
  film.lassoButton.onclick = () => switchLasso(film);
  film.speedButton.onclick = () => {
    changeSpeed(film);
    showControls(film);
  };
  listenToKeys(film.root, KEYS, film);
}

const KEYS = {
  ...TURN_KEYS,
  ArrowLeft: (film) => stepFrame(film, -1),
  ArrowRight: (film) => stepFrame(film, 1),
  Home: (film) => seek(film, 0),
  End: (film) => seek(film, lastFrame(film)),
  " ": playOrPause,
  0: showAll,
  "+": (film) => zoom(film, 1.3),
  "-": (film) => zoom(film, 1 / 1.3),
  n: (film) => pickNext(film, 1),
  p: (film) => pickNext(film, -1),
  l: switchLasso,
  Escape: (film) => pick(film, [], null),
};

function follow(film) {
  film.isPlaying = false;
  film.isFollowing = true;
  film.glide = (lastFrame(film) - film.position) / GLIDE_S;
  animate(film);
}

function showControls(film) {
  const { root, data } = film;
  const frame = Math.round(film.position);
  const text = `step ${data.steps[frame].toLocaleString("en")}`;
  root.classList.toggle("playing", film.isPlaying);
  film.play.setAttribute("aria-label", film.isPlaying ? "Pause" : "Play");
  film.scrubber.value = film.position;
  film.scrubber.setAttribute("aria-valuetext", text);
  film.step.textContent = text;
  film.speedButton.textContent = `${film.speed}×`;
  film.back.disabled = film.position === 0;
  film.forward.disabled = film.position === lastFrame(film);
  film.lassoButton.hidden = data.picked === null;
  film.lassoButton.setAttribute("aria-pressed", film.isLassoing);
  film.live.hidden = !data.live;
  film.live.setAttribute("aria-pressed", film.isFollowing);
  film.reset.hidden = film.view.scale === null;
  film.canvas.classList.toggle("zoomed", film.view.scale !== null);
  film.canvas.classList.toggle("solid", isSolid(film));
  film.canvas.classList.toggle("lassoing", film.isLassoing);
  root.querySelector(".controls").hidden = film.frames.length < 2 && !data.live;
  Object.assign(root.dataset, { frame, frames: film.frames.length, step: data.steps[frame] });
}
