// The two cabinets of a film, side by side: each has the learner that is chosen in it.

// `template` is what one of them is made of.
function createSides(film, places, template) {
  film.sides = ["left", "right"].map((name) => {
    places.append(template.content.cloneNode(true));
    return createSide(film, places.lastElementChild, name);
  });
}

function createSide(film, root, name) {
  const find = (selector) => root.querySelector(selector);
  const side = {
    choice: find(".choice"),
    accuracy: find(".accuracy"),
    canvas: find(".cells"),
    tooltip: find(".tooltip"),
    name: find(".name"),
    portrait: find(".portrait"),
    chosen: null, // label of the learner that a person has chosen
    learner: 0,
  };
  root.dataset.side = name;
  side.choice.setAttribute("aria-label", `Learner of the ${name} cabinet`);
  side.choice.onkeydown = (event) => event.stopPropagation(); // its arrows choose
  side.choice.onchange = () => {
    side.chosen = side.choice.value;
    chooseLearners(film);
    draw(film);
  };
  listenToCells(film, side);
  return side;
}

function chooseLearners({ sides, data }) {
  sides.forEach((side, i) => {
    const labels = [...side.choice.options].map((option) => option.value);
    if (labels.join() !== data.learners.join()) {
      side.choice.replaceChildren(...data.learners.map((label) => new Option(label)));
    }
    const chosen = data.learners.indexOf(side.chosen);
    side.learner = chosen < 0 ? data.usual[i] : chosen;
    side.choice.selectedIndex = side.learner;
  });
}

// Draws both in colours {ink, tones}, which the legend shows too.
function drawSides(film, colours) {
  film.grid = gridOf(film.sides[0].canvas.clientWidth, film.data.classes);
  film.root.style.setProperty("--tones", colours.tones.join());
  const look = { grid: film.grid, ...colours };
  const ink = inkOf(film, look);
  const marked = { newest: newestOf(film), pointed: film.pointed };
  for (const { canvas, learner } of film.sides) {
    canvas.style.height = `${film.grid.height}px`;
    drawCells(canvas, look, ink, sharesOf(film, learner), marked);
  }
  showTooltips(film);
}

// Returns what to say of each.
function showAccuracies({ sides, data, position }) {
  return sides.map(({ canvas, accuracy, learner }) => {
    const share = data.accuracy[Math.round(position)][learner];
    accuracy.textContent = share === null ? "–" : `${(100 * share).toFixed(1)} %`;
    const answer = `${data.learners[learner]}: ${accuracy.textContent} right`;
    canvas.setAttribute("aria-label", `${data.alt}. ${answer}`);
    return answer;
  });
}
