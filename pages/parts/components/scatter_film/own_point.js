// A point that is none of the film's, as a star: a digit of one's own. It is seen at the last frame
// alone, since only the last network has embedded it.

const STAR = 11; // CSS pixels from its middle to a tip

function drawOwnPoint(film) {
  const own = globalThis.glimpseOwnPoints?.get(film.data.film);
  const at = own?.places[film.data.layout];
  const isSeen = Boolean(at) && !film.morph && film.position === lastFrame(film);
  film.root.dataset.ownPoint = isSeen;
  if (!isSeen) return;
  const { toScreen } = projection(film.view);
  const pen = film.canvas.getContext("2d");
  const [x, y] = isSolid(film) ? turned(film, at) : at;
  const place = toScreen(x, y);
  const ink = getComputedStyle(film.root).color;
  pen.globalAlpha = 1;
  Object.assign(pen, { strokeStyle: ink, fillStyle: ink, lineWidth: 1.25 });
  drawTies(pen, place, own.neighbours.map((point) => placeOf(film, toScreen, point)));
  star(pen, place);
  pen.font = `600 14px ${getComputedStyle(film.root).fontFamily}`;
  pen.textBaseline = "middle";
  pen.fillText("yours", place[0] + STAR + 3, place[1]);
}

function star(pen, [x, y]) {
  pen.beginPath();
  for (let i = 0; i < 10; i++) {
    const [angle, radius] = [(i * Math.PI) / 5, i % 2 ? STAR * 0.45 : STAR];
    pen.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
  }
  pen.closePath();
  pen.fill();
}
