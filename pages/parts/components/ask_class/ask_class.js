// A drawing, its nearest class, and the answers to choose from while a question is asked.

const NEW = -1;

export default function askClass({ data, parentElement, setTriggerValue }) {
  const find = (selector) => parentElement.querySelector(selector);
  const root = find(".ask-class");
  const isAlone = data.distance === null;
  root.dataset.place = data.place;
  root.dataset.asking = data.options !== null;
  root.classList.toggle("alone", isAlone);
  root.classList.toggle("far", isAlone || data.distance > data.threshold);
  find(".drawing").src = data.drawing;
  if (data.nearest) find(".nearest img").src = data.nearest;
  showDistance(find, data, isAlone);
  find(".words").textContent = data.words;
  showAnswers(find(".answers"), data, setTriggerValue);
}

function showDistance(find, { distance, threshold, longest }, isAlone) {
  const share = (length) => `${100 * Math.min(1, length / longest)}%`;
  find(".reach").style.width = isAlone ? 0 : share(distance);
  find(".mark").style.left = share(threshold);
  const far = isAlone ? "no class yet" : `distance ${distance.toFixed(2)}`;
  find(".numbers").textContent = `${far}, threshold ${threshold.toFixed(2)}`;
  find(".scale").setAttribute("aria-label", find(".numbers").textContent);
}

function showAnswers(list, { place, options }, send) {
  if (options === null) {
    list.replaceChildren();
    return;
  }
  const answers = [answerOf("A new character", NEW), ...options.map(pictured)];
  answers[0].button.className = "new";
  for (const { button, option } of answers) {
    button.onclick = () => {
      for (const each of answers) each.button.disabled = true; // one answer for a drawing
      button.classList.add("pressed");
      send("answered", { place, option });
    };
  }
  list.replaceChildren(...answers.map(({ button }) => button));
}

function pictured(picture, option) {
  const answer = answerOf("", option);
  const image = new Image();
  image.src = picture;
  image.alt = `Known character ${option + 1}`;
  answer.button.append(image);
  return answer;
}

function answerOf(text, option) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset.option = option;
  return { button, option };
}
