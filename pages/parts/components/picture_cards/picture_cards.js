// Cards with a picture each, side by side as far as there is room. What has not changed is left
// alone, so that nothing blinks.

export default function pictureCards({ data, parentElement }) {
  const list = parentElement.querySelector(".cards");
  const template = parentElement.querySelector("template");
  while (list.children.length > data.cards.length) list.lastElementChild.remove();
  while (list.children.length < data.cards.length) {
    list.append(template.content.firstElementChild.cloneNode(true));
  }
  data.cards.forEach((card, index) => fill(list.children[index], card));
}

function fill(element, card) {
  element.style.setProperty("--line", card.colour);
  for (const part of ["title", "idea", "number", "basis", "note"]) {
    const place = element.querySelector(`.${part}`);
    if (place.textContent !== card[part]) place.textContent = card[part];
  }
  const image = element.querySelector("img");
  image.style.aspectRatio = `1 / ${card.shape}`; // before the picture is there
  image.alt = card.alt;
  if (image.getAttribute("src") !== card.source) image.src = card.source;
}
