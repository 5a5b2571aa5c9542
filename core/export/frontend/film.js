// The exported few-shot film. Everything on screen follows from the inner step that is shown.

const STEP_MS = 900; // how long a step is shown while the film plays

const last = film.loss.length - 1;
const perClass = film.predicted[0].length / film.ways;
let queries = []; // elements

function isWrong(answer, query) {
  return answer !== film.undecided && answer !== Math.floor(query / perClass);
}

function letter(index) {
  return index === film.undecided ? "?" : String.fromCharCode("A".charCodeAt(0) + index);
}

function colour(index) {
  return index === film.undecided ? film.grey : film.colours[index % film.colours.length];
}

function percent(share) {
  return `${Math.round(100 * share)}%`;
}

// ---- what is built once -------------------------------------------------------------------------

function build() {
  root.style.setProperty("--shots", film.shots);
  root.style.setProperty("--queries", perClass);
  root.style.setProperty("--columns", `minmax(0, ${film.shots}fr) minmax(0, ${perClass}fr)`);
  for (let row = 0; row < film.ways; row += 1) buildRow(row);
  queries = [...root.querySelectorAll(".query")];
  buildChart("accuracy", film.accuracy, 1, "100%", "0%");
  const most = Math.max(...film.loss);
  buildChart("loss", film.loss, most, film.lossText[film.loss.indexOf(most)], "0");
  buildChance();
  find(".last").textContent = last;
  new ResizeObserver(([first]) => {
    root.style.setProperty("--picture", `${first.contentRect.height}px`);
  }).observe(find(".picture"));
}

function buildRow(row) {
  const name = add(find(".panel"), "div", "row");
  name.style.setProperty("--class", colour(row));
  add(name, "span", "letter").textContent = letter(row);
  const support = add(name, "div", "support");
  for (let i = 0; i < film.shots; i += 1) {
    const canvas = addPicture(add(support, "div", "example"));
    canvas.setAttribute("aria-label", `Example of class ${letter(row)}`);
    paint(canvas, row * film.shots + i, row);
  }
  const querySide = add(name, "div", "queries");
  for (let i = 0; i < perClass; i += 1) {
    const query = add(querySide, "div", "query");
    addPicture(query);
    add(query, "div", "sureness");
    add(query, "div", "answer");
  }
}

function addPicture(parent) {
  const canvas = add(add(parent, "div", "picture"), "canvas");
  canvas.width = film.side;
  canvas.height = film.side;
  canvas.setAttribute("role", "img");
  return canvas;
}

function add(parent, tag, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  parent.append(element);
  return element;
}

// The lines are stretched to the box; the dot and the words lie over it, unstretched.
function buildChart(name, values, top, high, low) {
  const points = values.map((value, i) => [x(i), top ? 100 * (1 - value / top) : 100]);
  const chart = find(`[data-of=${name}]`);
  chart.innerHTML = `
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <polyline class="to-come" vector-effect="non-scaling-stroke" points="${points.join(" ")}" />
      <polyline class="so-far" vector-effect="non-scaling-stroke" />
    </svg><i></i><span class="high">${high}</span><span class="low">${low}</span>`;
  chart.points = points;
}

function x(at) {
  return last ? (100 * at) / last : 0;
}

function buildChance() {
  const chart = find("[data-of=accuracy]");
  const y = 100 * (1 - 1 / film.ways);
  chart.querySelector("svg").insertAdjacentHTML(
    "afterbegin",
    `<line class="chance" vector-effect="non-scaling-stroke" x1="0" x2="100" y1="${y}" y2="${y}" />`,
  );
  const name = add(chart, "span", "chance-name");
  name.textContent = "chance";
  name.style.top = `${y}%`;
}

// ---- what a step changes ------------------------------------------------------------------------

function draw(step) {
  queries.forEach((query, i) => showQuery(query, i, step));
  showCharts(step);
  const share = percent(film.accuracy[step]);
  find(".step").textContent = step;
  find(".accuracy").textContent = share;
  find(".tally").textContent = film.tally[step];
  find(".loss").textContent = film.lossText[step];
  return [`${share} right`];
}

function showQuery(query, i, step) {
  const answer = film.predicted[step][i];
  const sure = film.confidence[step][i];
  const canvas = query.querySelector("canvas");
  const wrong = isWrong(answer, i);
  const text = `${letter(answer)} ${percent(sure)}`;
  if (canvas.dataset.answer !== String(answer)) {
    canvas.dataset.answer = answer;
    paint(canvas, film.ways * film.shots + i, answer);
  }
  query.classList.toggle("wrong", wrong);
  query.style.setProperty("--class", colour(answer));
  query.style.setProperty("--sure", sure);
  query.querySelector(".answer").textContent = text;
  const truth = letter(Math.floor(i / perClass));
  const taken = answer === film.undecided ? "undecided" : `taken for ${text}`;
  canvas.setAttribute("aria-label", `Class ${truth}, ${taken}${wrong ? ", wrong" : ""}`);
}

function showCharts(step) {
  for (const chart of root.querySelectorAll(".chart")) {
    const [left, top] = chart.points[step];
    const dot = chart.querySelector("i");
    dot.style.left = `${left}%`;
    dot.style.top = `${top}%`;
    const soFar = chart.points.slice(0, step + 1).join(" ");
    chart.querySelector(".so-far").setAttribute("points", soFar);
  }
}

// A picture's ink in the colour of a class; from the eleventh class on in white, on coloured paper.
// The sprite has the pictures one below the other.
function paint(canvas, picture, label) {
  const { side } = film;
  const onColour = label >= film.colours.length;
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = "copy";
  context.drawImage(sprite, 0, picture * side, side, side, 0, 0, side, side);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = onColour ? "white" : colour(label);
  context.fillRect(0, 0, side, side);
  canvas.parentElement.classList.toggle("on-colour", onColour);
}

playSteps({ last, stepMs: STEP_MS, build, draw });
