// The buttons and keys of a film that `scatter/time.js` moves, and its place in what was recorded.

const PLAYER_KEYS = {
  ArrowLeft: (film) => stepFrame(film, -1),
  ArrowRight: (film) => stepFrame(film, 1),
  Home: (film) => seek(film, 0),
  End: (film) => seek(film, lastFrame(film)),
  " ": playOrPause,
};

// The parts of `film_player.html`.
function findPlayer(find) {
  return {
    controls: find(".controls"),
    play: find(".play"),
    back: find(".back"),
    forward: find(".forward"),
    scrubber: find(".scrubber"),
    step: find(".step"),
    speedButton: find(".speed"),
    live: find(".live"),
  };
}

function listenToButtons(film) {
  film.play.onclick = () => playOrPause(film);
  film.back.onclick = () => stepFrame(film, -1);
  film.forward.onclick = () => stepFrame(film, 1);
  film.scrubber.oninput = () => seek(film, Number(film.scrubber.value));
  film.live.onclick = () => follow(film);
  film.speedButton.onclick = () => {
    changeSpeed(film);
    draw(film);
  };
}

function follow(film) {
  film.isPlaying = false;
  film.isFollowing = true;
  glide(film);
}

// Moves on, and if the film follows a run, all the way to its last frame.
function glide(film) {
  film.glide = (lastFrame(film) - film.position) / GLIDE_S;
  animate(film);
}

// `text` says what the film shows.
function showPlayer(film, text) {
  const { root, data } = film;
  const frame = Math.round(film.position);
  root.classList.toggle("playing", film.isPlaying);
  film.play.setAttribute("aria-label", film.isPlaying ? "Pause" : "Play");
  film.scrubber.max = lastFrame(film);
  film.scrubber.value = film.position;
  film.scrubber.setAttribute("aria-valuetext", text);
  film.step.textContent = text;
  film.speedButton.textContent = `${film.speed}×`;
  film.back.disabled = film.position === 0;
  film.forward.disabled = film.position === lastFrame(film);
  film.live.hidden = !data.live;
  film.live.setAttribute("aria-pressed", film.isFollowing);
  film.controls.hidden = film.frames.length < 2 && !data.live;
  Object.assign(root.dataset, { frame, frames: film.frames.length, step: data.steps[frame] });
}

// ---- steps of the run and positions in the film -------------------------------------------------

function stepAt({ position, data: { steps } }) {
  const before = Math.floor(position);
  const after = Math.min(before + 1, steps.length - 1);
  return steps[before] + (steps[after] - steps[before]) * (position - before);
}

function positionOf({ data: { steps } }, step) {
  const after = steps.findIndex((each) => each >= step);
  if (after <= 0) return after === 0 ? 0 : steps.length - 1;
  return after - (steps[after] - step) / (steps[after] - steps[after - 1]);
}
