// What the buttons and keys of a film do.

const SPEEDS = [1, 2, 4, 0.5];

function listenToControls(film) {
  film.play.onclick = () => playOrPause(film);
  film.back.onclick = () => stepFrame(film, -1);
  film.forward.onclick = () => stepFrame(film, 1);
  film.scrubber.oninput = () => seek(film, Number(film.scrubber.value));
  film.live.onclick = () => follow(film);
  film.reset.onclick = () => showAll(film);
  film.lassoButton.onclick = () => switchLasso(film);
  film.speedButton.onclick = () => {
    film.speed = SPEEDS[(SPEEDS.indexOf(film.speed) + 1) % SPEEDS.length];
    showControls(film);
  };
  film.root.onkeydown = (event) => {
    const onButton = event.target.matches("button");
    if (event.ctrlKey || event.metaKey || (onButton && event.key === " ")) return;
    const action = KEYS[event.key];
    if (!action) return;
    action(film);
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own
  };
}

const KEYS = {
  ArrowLeft: (film) => stepFrame(film, -1),
  ArrowRight: (film) => stepFrame(film, 1),
  Home: (film) => seek(film, 0),
  End: (film) => seek(film, lastFrame(film)),
  " ": playOrPause,
  0: showAll,
  "+": (film) => zoom(film, 1.3),
  "-": (film) => zoom(film, 1 / 1.3),
  a: (film) => turn(film, -TURN_PER_KEY, 0),
  d: (film) => turn(film, TURN_PER_KEY, 0),
  w: (film) => turn(film, 0, -TURN_PER_KEY),
  s: (film) => turn(film, 0, TURN_PER_KEY),
  n: (film) => pickNext(film, 1),
  p: (film) => pickNext(film, -1),
  l: switchLasso,
  Escape: (film) => pick(film, [], null),
};

// To the next whole frame, which from between two of them is less than one away.
function stepFrame(film, way) {
  seek(film, way < 0 ? Math.ceil(film.position) - 1 : Math.floor(film.position) + 1);
}

function follow(film) {
  film.isPlaying = false;
  film.isFollowing = true;
  film.glide = (lastFrame(film) - film.position) / GLIDE_S;
  animate(film);
}

function showAll(film) {
  resetView(film.view);
  draw(film);
}

function zoom(film, factor) {
  const middle = [film.canvas.clientWidth / 2, film.canvas.clientHeight / 2];
  moveView(film.view, middle, middle, factor);
  draw(film);
}
