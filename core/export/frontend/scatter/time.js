// How a film moves on: it plays, is scrubbed, and follows a run that adds frames.

const FRAMES_A_SECOND = 8; // at speed 1, unless the film has a `pace` of its own
const SPEEDS = [1, 2, 4, 0.5];
const GLIDE_S = 0.5; // to reach a new frame of a live run
const MORPH_S = 0.7; // from one layout of the points to another

function lastFrame(film) {
  return film.frames.length - 1;
}

function animate(film) {
  cancelAnimationFrame(film.frameRequest);
  let last = performance.now();
  const tick = (now) => {
    const isMoving = advance(film, Math.max(0, now - last) / 1000);
    last = now;
    draw(film);
    if (isMoving) film.frameRequest = requestAnimationFrame(tick);
  };
  tick(last);
}

// Moves the film on by so many seconds; returns whether it goes on moving.
function advance(film, seconds) {
  if (film.morph && (film.morph.share += seconds / MORPH_S) >= 1) film.morph = null;
  return advancePosition(film, seconds) || Boolean(film.morph); // not every film has one
}

function advancePosition(film, seconds) {
  const end = lastFrame(film);
  if (film.isPlaying) {
    const pace = film.pace ?? FRAMES_A_SECOND;
    film.position = Math.min(end, film.position + seconds * pace * film.speed);
    if (film.position === end) {
      film.isPlaying = false;
      film.isFollowing = film.data.live;
    }
    return film.isPlaying;
  }
  if (!film.isFollowing) return false;
  film.position = wantsLessMotion() ? end : Math.min(end, film.position + seconds * film.glide);
  return film.position < end;
}

function seek(film, position) {
  film.position = Math.min(lastFrame(film), Math.max(0, position));
  film.isPlaying = false;
  film.isFollowing = film.data.live && film.position === lastFrame(film);
  animate(film);
}

// To the next whole frame, which from between two of them is less than one away.
function stepFrame(film, direction) {
  const { position } = film;
  seek(film, direction < 0 ? Math.ceil(position) - 1 : Math.floor(position) + 1);
}

function playOrPause(film) {
  film.isPlaying = !film.isPlaying;
  film.isFollowing = false;
  if (film.isPlaying && film.position === lastFrame(film)) film.position = 0;
  animate(film);
}

function changeSpeed(film) {
  film.speed = SPEEDS[(SPEEDS.indexOf(film.speed) + 1) % SPEEDS.length];
}

function wantsLessMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
