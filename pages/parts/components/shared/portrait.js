// The picture of a point: one of those that `film_pictures.js` keeps for the film.

function picturesOf(key) {
  return globalThis.glimpseFilmPictures?.get(key);
}

function drawPortrait(portrait, { grey, width, height }, point) {
  Object.assign(portrait, { width, height });
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const level = grey[point * width * height + i];
    image.data.set([level, level, level, 255], 4 * i);
  }
  portrait.getContext("2d").putImageData(image, 0, 0);
}
