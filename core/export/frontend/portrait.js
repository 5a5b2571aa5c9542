// The picture of a point, or of a class: one of those of a film, {grey, width, height}.

function drawPortrait(portrait, { grey, width, height }, point) {
  Object.assign(portrait, { width, height });
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const level = grey[point * width * height + i];
    image.data.set([level, level, level, 255], 4 * i);
  }
  portrait.getContext("2d").putImageData(image, 0, 0);
}
