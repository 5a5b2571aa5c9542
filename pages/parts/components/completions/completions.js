// Completions as small pictures with what a classifier reads in each; those of the sampler are a
// film that plays and scrubs here, without asking the server.

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
    hold(show);
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
    words: find(".film output"),
    cards: [], // of the samples, their frames as bytes
    timer: null,
    sent: "",
  };
  show.button.onclick = () => (show.timer === null ? play(show) : hold(show));
  show.slider.oninput = () => {
    hold(show);
    showFrame(show);
  };
  hold(show);
  return show;
}

// What has not changed is left alone, so that the film stays where a person put it.
function receive(show, data) {
  const sent = JSON.stringify(data);
  if (sent === show.sent) return;
  show.sent = sent;
  fit(show.answers, data.answers.length, show.template);
  fit(show.samples, data.samples.length, show.template);
  data.answers.forEach((card, i) => {
    fill(show.answers.children[i], card);
    draw(show.answers.children[i], card, fromBase64(card.frames), 0);
  });
  show.cards = data.samples.map((card) => ({ ...card, bytes: fromBase64(card.frames) }));
  show.cards.forEach((card, i) => fill(show.samples.children[i], card));
  hold(show);
  show.button.disabled = show.slider.disabled = data.still;
  show.film.classList.toggle("still", data.still);
  if (show.cards.length > 0) {
    show.slider.max = show.cards[0].reads.length - 1;
    show.slider.value = show.slider.max;
    showFrame(show);
  }
  show.root.dataset.drawn = Number(show.root.dataset.drawn ?? 0) + 1; // for who waits for it
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
  showReading(element, card.reads[frame]);
}

// How likely each digit is, in per cent; nothing for a picture that is none of a digit.
function showReading(element, reading) {
  const bars = element.querySelector(".bars");
  const words = element.querySelector(".reads");
  if (!reading) {
    bars.replaceChildren();
    words.textContent = "";
    return;
  }
  const likeliest = reading.indexOf(Math.max(...reading));
  words.textContent = `reads ${likeliest}, ${reading[likeliest]} %`;
  while (bars.children.length < reading.length) bars.append(document.createElement("span"));
  reading.forEach((percent, digit) => {
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
    // The figures are of the last frame; invisible, they keep their place.
    show.samples.children[i].querySelector(".note").style.visibility = frame === last ? "" : "hidden";
  });
  show.words.textContent = frame
    ? `step ${frame} of ${last}`
    : "before the first step";
}

function play(show) {
  if (show.slider.value === show.slider.max) show.slider.value = 0;
  showFrame(show);
  show.button.textContent = "❚❚";
  show.button.setAttribute("aria-label", "Hold the film");
  show.timer = setInterval(() => {
    show.slider.value = Number(show.slider.value) + 1;
    showFrame(show);
    if (show.slider.value === show.slider.max) hold(show);
  }, STEP_MS);
}

function hold(show) {
  clearInterval(show.timer);
  show.timer = null;
  show.button.textContent = "▶";
  show.button.setAttribute("aria-label", "Play the film");
}
