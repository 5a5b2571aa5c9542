// A sentence, and a card for each learner. What has not changed is left alone, so that nothing blinks.

const PARTS = ["learner", "idea", "answer", "detail", "verdict", "knows"];

export default function learnerAnswers({ data, parentElement }) {
  const sentence = parentElement.querySelector(".sentence");
  if (sentence.textContent !== data.sentence) sentence.textContent = data.sentence;
  const list = parentElement.querySelector(".answers");
  const template = parentElement.querySelector("template");
  while (list.children.length > data.cards.length) list.lastElementChild.remove();
  while (list.children.length < data.cards.length) {
    list.append(template.content.firstElementChild.cloneNode(true));
  }
  data.cards.forEach((card, index) => fill(list.children[index], card));
}

function fill(element, card) {
  element.dataset.state = card.state;
  element.style.setProperty("--known", `${100 * card.known}%`);
  for (const part of PARTS) {
    const place = element.querySelector(`[data-part=${part}]`);
    if (place.textContent !== card[part]) place.textContent = card[part];
  }
  const image = element.querySelector("img");
  if (!card.picture) image.removeAttribute("src");
  else if (image.getAttribute("src") !== card.picture) image.src = card.picture;
  image.alt = card.picture ? `${card.learner} says: ${card.answer}` : "";
}
