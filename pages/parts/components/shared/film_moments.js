// What each film shows, for the parts of the page beside it. Components are modules of their own:
// they meet here, by the film's key.

// {frame, step, points, chosen}: picks outlive the film, for another page may come in between.
function filmMoments() {
  return (globalThis.glimpseFilmMoments ??= new Map());
}

function announceMoment(key, moment) {
  filmMoments().set(key, moment);
  window.dispatchEvent(new CustomEvent(`glimpse-film:${key}`));
}

// Calls back whenever the film `key` shows another moment, until the signal is aborted.
function onMoment(key, signal, callback) {
  window.addEventListener(`glimpse-film:${key}`, callback, { signal });
}

// The pictures of the film's points, {grey, width, height}, once `film_pictures.js` has them.
function picturesOf(key) {
  return globalThis.glimpseFilmPictures?.get(key);
}

// Asks something of the film `key`: {choose: point}, {next: 1 or -1}, {end: true}, to show the
// {picks} of its twin, or to draw.
function askFilm(key, wish = {}) {
  window.dispatchEvent(new CustomEvent(`glimpse-film-ask:${key}`, { detail: wish }));
}

function onAsked(key, signal, callback) {
  window.addEventListener(`glimpse-film-ask:${key}`, (event) => callback(event.detail), { signal });
}
