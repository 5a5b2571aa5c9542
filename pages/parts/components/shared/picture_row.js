// Rows of small pictures of a film's points; each is a button that chooses its point in the film.
// A panel is {data: {film, labels, names}, pictures, pictureTemplate}.

function showPictures(panel, place, points, isWrong) {
  const { data, pictures, pictureTemplate } = panel;
  fitCount(place, points.length, pictureTemplate);
  points.forEach((point, i) => {
    const button = place.children[i];
    const name = data.names[data.labels[point]];
    const wrong = isWrong(point);
    button.classList.toggle("wrong", wrong);
    portray(button.querySelector("canvas"), pictures, point);
    const hasRoom = name.length < 3; // a long name needs it more than a mark beside the frame
    write(button.querySelector(".label"), wrong && hasRoom ? `✗ ${name}` : name);
    button.setAttribute("aria-label", `${name}${wrong ? ", another class" : ""}: choose it`);
    button.title = name;
    button.onclick = () => askFilm(data.film, { choose: point });
  });
}

function fitCount(place, count, template) {
  while (place.children.length > count) place.lastElementChild.remove();
  while (place.children.length < count) {
    place.append(template.content.firstElementChild.cloneNode(true));
  }
}

// While a film plays most pictures stay: they are not drawn again.
function portray(canvas, pictures, point) {
  if (canvas.pictures === pictures && canvas.point === point) return;
  Object.assign(canvas, { pictures, point });
  drawPortrait(canvas, pictures, point);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
