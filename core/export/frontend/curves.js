// The exported film of curves. Everything on screen follows from the inner step that is shown.

const STEP_MS = 500; // how long a step is shown while the film plays

let panels = []; // {svg, error, earlier: [path], now: path, fit}

// ---- what is built once -------------------------------------------------------------------------

function build() {
  panels = film.fits.map(buildPanel);
}

function buildPanel(fit) {
  const figure = document.createElement("figure");
  figure.style.setProperty("--colour", fit.colour);
  const caption = document.createElement("figcaption");
  const error = document.createElement("span");
  error.className = "error";
  caption.append(Object.assign(document.createElement("b"), { textContent: fit.title }), error);
  const svg = drawn("svg", { preserveAspectRatio: "none", role: "img", viewBox: viewBox() });
  if (film.unseen !== null) svg.append(unseenHalf());
  const earlier = fit.prediction.slice(0, -1).map((ys) => path("earlier", ys));
  const now = drawn("path", { class: "now-line" });
  svg.append(...earlier, path("truth", film.truth), now);
  for (const [x, y] of film.support) svg.append(drawn("path", { class: "support", d: `M${x} ${-y}h0` }));
  figure.append(caption, svg);
  find(".panels").append(figure);
  return { svg, error, earlier, now, fit };
}

function viewBox() {
  const [left, right] = ends();
  return `${left} ${-film.reach} ${right - left} ${2 * film.reach}`;
}

function ends() {
  const margin = 0.03 * (film.x.at(-1) - film.x[0]); // a point at the end is seen whole
  return [film.x[0] - margin, film.x.at(-1) + margin];
}

function unseenHalf() {
  const [left, right] = ends();
  const [x, to] = film.unseen === 0 ? [left, 0] : [0, right];
  return drawn("rect", { class: "unseen", x, y: -film.reach, width: to - x, height: 2 * film.reach });
}

function path(name, ys) {
  return drawn("path", { class: name, d: line(ys) });
}

function line(ys) {
  return `M${ys.map((y, i) => `${film.x[i]} ${-y}`).join("L")}`;
}

function drawn(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// ---- what a step changes ------------------------------------------------------------------------

function draw(step) {
  for (const { svg, error, earlier, now, fit } of panels) {
    earlier.forEach((each, i) => each.toggleAttribute("hidden", i >= step));
    now.setAttribute("d", line(fit.prediction[step]));
    error.textContent = `error ${film.where} ${fit.error[step]}`;
    svg.setAttribute("aria-label", `${fit.title}: error ${film.where} ${fit.error[step]}`);
  }
  return [];
}

playSteps({ last: film.last, stepMs: STEP_MS, build, draw });
