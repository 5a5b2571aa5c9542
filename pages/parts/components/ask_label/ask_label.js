// Asks which digit a picture is. Whoever labels many pictures looks at them, not at the buttons, so
// the keys work wherever on the page the focus is, as long as the picture is in sight.

const asked = new WeakMap();
const TYPED_INTO = "input, textarea, select, [contenteditable], .scatter-film";

export default function askLabel({ data, parentElement, setTriggerValue }) {
  const state = asked.get(parentElement) ?? create(parentElement);
  asked.set(parentElement, state);
  state.send = setTriggerValue;
  show(state, data);
  return () => {
    asked.delete(parentElement);
    state.listening.abort();
  };
}

function create(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    root: find(".ask"),
    question: find(".question"),
    image: find("img"),
    keys: find(".keys"),
    data: null,
    isWaiting: false, // for the next picture: what nobody has seen cannot be answered
    listening: new AbortController(),
  };
  state.buttons = Array.from({ length: 10 }, (_, digit) => keyOf(state, digit));
  const [zero, ...others] = state.buttons;
  state.keys.append(...others, zero); // as on a keyboard
  document.addEventListener("keydown", (event) => onKey(state, event), {
    signal: state.listening.signal,
  });
  return state;
}

function keyOf(state, digit) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = digit;
  button.onclick = () => answer(state, digit);
  return button;
}

function show(state, data) {
  const { root, question, image, buttons } = state;
  state.data = data;
  state.isWaiting = false;
  root.classList.remove("waiting");
  root.classList.toggle("empty", data.point === null);
  root.dataset.point = data.point ?? "";
  if (question.textContent !== data.question) question.textContent = data.question;
  image.alt = data.point === null ? "" : "A handwritten digit without a label";
  if (data.picture) image.src = data.picture;
  else image.removeAttribute("src");
  buttons.forEach((button, digit) => {
    button.classList.remove("pressed");
    button.disabled = data.point === null;
    button.style.setProperty("--digit", data.palette[digit]);
  });
}

function answer(state, digit) {
  const { data, root, buttons } = state;
  if (data.point === null || state.isWaiting) return;
  state.isWaiting = true;
  root.classList.add("waiting");
  buttons[digit].classList.add("pressed");
  state.send("answered", { point: data.point, digit });
}

function onKey(state, event) {
  const isMeant = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  const typedInto = event.composedPath().some((each) => each.matches?.(TYPED_INTO));
  if (!isMeant || typedInto || !isInSight(state.image.parentElement)) return;
  if (/^[0-9]$/.test(event.key)) answer(state, Number(event.key));
  else if (event.key === "Backspace") state.send("undone", true);
  else return;
  event.preventDefault();
}

function isInSight(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < window.innerHeight;
}
