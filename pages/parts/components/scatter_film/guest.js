// A point that the film was made without, as a star: it lands at the last frame alone, for what the
// network made of it before is not known.

const STAR = 11; // CSS pixels from its middle to a tip

function drawGuest(film) {
  const guest = globalThis.glimpseFilmGuests?.get(film.data.film);
  const at = guest?.places[film.data.layout];
  const isSeen = Boolean(at) && !film.morph && film.position === lastFrame(film);
  film.root.dataset.guest = isSeen;
  if (!isSeen) return;
  const { toScreen } = projection(film.view);
  const pen = film.canvas.getContext("2d");
  const [x, y] = isSolid(film) ? turned(film, at) : at;
  const place = toScreen(x, y);
  const ink = getComputedStyle(film.root).color;
  pen.globalAlpha = 1;
  Object.assign(pen, { strokeStyle: ink, fillStyle: ink, lineWidth: 1.25 });
  pen.beginPath();
  for (const neighbour of guest.neighbours) {
    pen.moveTo(...place);
    pen.lineTo(...placeOf(film, toScreen, neighbour));
  }
  pen.stroke();
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
