// Completions as small pictures, each with the digit that a classifier sees in it. The samples are a
// film, which plays without the server.

const shows = new WeakMap();
const SIDE = 28;
const SIZE = SIDE * SIDE;
const STEP_MS = 350;

export default function completions({ data, parentElement }) {
  let show = shows.get(parentElement);
  if (!show) {
    show = createShow(parentElement);
    shows.set(parentElement, show);
  }
  receive(show, data);
  return () => {
    pause(show);
    shows.delete(parentElement);
  };
}

function createShow(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const show = {
    root: find(".completions"),
    answers: find(".answers"),
    samples: find(".samples"),
    template: find("template"),
    button: find(".play"),
    slider: find(".film input"),
    film: find(".film"),
    stepLabel: find(".film output"),
    cards: [], // of the samples, with their frames as bytes
    timer: null,
    received: "", // the latest data, as JSON
  };
  show.button.onclick = () => (show.timer === null ? play(show) : pause(show));
  show.slider.oninput = () => {
    pause(show);
    showFrame(show);
  };
  pause(show);
  return show;
}

// Data that has not changed is ignored, so that the film stays where a person put it.
function receive(show, data) {
  const received = JSON.stringify(data);
  if (received === show.received) return;
  show.received = received;
  fit(show.answers, data.answers.length, show.template);
  fit(show.samples, data.samples.length, show.template);
  data.answers.forEach((card, i) => {
    fill(show.answers.children[i], card);
    draw(show.answers.children[i], card, fromBase64(card.frames), 0);
  });
  show.cards = data.samples.map((card) => ({ ...card, bytes: fromBase64(card.frames) }));
  show.cards.forEach((card, i) => fill(show.samples.children[i], card));
  pause(show);
  show.button.disabled = show.slider.disabled = !data.is_playable;
  show.film.classList.toggle("disabled", !data.is_playable);
  if (show.cards.length > 0) {
    show.slider.max = show.cards[0].probabilities.length - 1;
    show.slider.value = show.slider.max;
    showFrame(show);
  }
  show.root.dataset.drawn = Number(show.root.dataset.drawn ?? 0) + 1; // how often, for tests
}

function fit(list, count, template) {
  while (list.children.length > count) list.lastElementChild.remove();
  while (list.children.length < count) {
    list.append(template.content.firstElementChild.cloneNode(true));
  }
}

function fill(element, card) {
  element.dataset.name = card.name;
  element.querySelector("figcaption").textContent = card.name;
  element.querySelector("figcaption").title = card.name;
  element.querySelector("canvas").setAttribute("aria-label", card.alt);
  element.querySelector(".note").textContent = card.note;
}

// ---- one picture ------------------------------------------------------------------------------

function draw(element, card, bytes, frame) {
  const pixels = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIZE; i++) {
    const ink = bytes[frame * SIZE + i] / 255;
    pixels.data.set([...card.colour.map((part) => Math.round(part * ink)), 255], 4 * i);
  }
  element.querySelector("canvas").getContext("2d").putImageData(pixels, 0, 0);
  showPrediction(element, card.probabilities[frame]);
}

// The probability of each digit in per cent; nothing for a picture that is not of a digit.
function showPrediction(element, percentages) {
  const bars = element.querySelector(".bars");
  const prediction = element.querySelector(".prediction");
  if (!percentages) {
    bars.replaceChildren();
    prediction.textContent = "";
    return;
  }
  const likeliest = percentages.indexOf(Math.max(...percentages));
  prediction.textContent = `class ${likeliest}, ${percentages[likeliest]} %`;
  while (bars.children.length < percentages.length) bars.append(document.createElement("span"));
  percentages.forEach((percent, digit) => {
    const bar = bars.children[digit];
    bar.textContent = digit;
    bar.style.setProperty("--share", percent / 100);
    bar.classList.toggle("likeliest", digit === likeliest);
  });
}

// ---- the film ---------------------------------------------------------------------------------

function showFrame(show) {
  const frame = Number(show.slider.value);
  const last = Number(show.slider.max);
  show.cards.forEach((card, i) => {
    draw(show.samples.children[i], card, card.bytes, frame);
    // The figures are those of the last frame. Hidden, they still keep their space.
    show.samples.children[i].querySelector(".note").style.visibility = frame === last ? "" : "hidden";
  });
  show.stepLabel.textContent = frame ? `step ${frame} of ${last}` : "before the first step";
}

function play(show) {
  if (show.slider.value === show.slider.max) show.slider.value = 0;
  showFrame(show);
  show.button.textContent = "❚❚";
  show.button.setAttribute("aria-label", "Pause the film");
  show.timer = setInterval(() => {
    show.slider.value = Number(show.slider.value) + 1;
    showFrame(show);
    if (show.slider.value === show.slider.max) pause(show);
  }, STEP_MS);
}

function pause(show) {
  clearInterval(show.timer);
  show.timer = null;
  show.button.textContent = "▶";
  show.button.setAttribute("aria-label", "Play the film");
}
