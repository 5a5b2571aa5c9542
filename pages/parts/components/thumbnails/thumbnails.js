// Small pictures in a row. A removable one is a button as a whole, large enough for a finger.

export default function thumbnails({ data, parentElement, setTriggerValue }) {
  const items = data.pictures.map((picture, index) => {
    const item = document.createElement("li");
    const image = new Image();
    image.src = picture;
    image.alt = data.names[index];
    item.append(image);
    if (index < data.removable) {
      const button = document.createElement("button");
      const cross = document.createElement("span");
      cross.className = "cross";
      cross.textContent = "×";
      button.type = "button";
      button.title = `Remove: ${image.alt}`;
      button.setAttribute("aria-label", button.title);
      button.onclick = () => setTriggerValue("removed", index);
      button.append(image, cross);
      item.append(button);
    }
    return item;
  });
  parentElement.querySelector(".thumbnails").replaceChildren(...items);
}
