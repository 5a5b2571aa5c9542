// Scrolls the page to the column that it stands in, once for each time that this was asked for, and
// keeps it there while the parts above still grow, unless a person scrolls meanwhile.

const HOLD_MS = 3000; // longer than the parts above take to come
const ROOM = 144; // px that stay above: the bar on top and the section's title
const BY_HAND = ["wheel", "touchstart", "pointerdown", "keydown"];
const done = (globalThis.glimpseIntoView ??= new Set()); // outlives a visit to another page

export default function intoView({ data, parentElement }) {
  if (done.has(data.asked)) return undefined;
  done.add(data.asked);
  const host = parentElement.getRootNode().host ?? parentElement;
  const column = host.closest("[data-testid=stColumn]");
  const page = host.closest("[data-testid=stMain]");
  const isAtTop = page?.scrollTop === 0; // else a person is reading already
  return column && isAtTop ? hold(column, page) : undefined;
}

function hold(column, page) {
  const settle = () => {
    page.scrollTop += column.getBoundingClientRect().top - page.getBoundingClientRect().top - ROOM;
  };
  const growing = new ResizeObserver(settle);
  const letGo = () => {
    clearTimeout(timer);
    growing.disconnect();
    BY_HAND.forEach((name) => window.removeEventListener(name, letGo, true));
  };
  const timer = setTimeout(letGo, HOLD_MS);
  BY_HAND.forEach((name) => window.addEventListener(name, letGo, true));
  growing.observe(page.querySelector("[data-testid=stMainBlockContainer]") ?? page);
  settle();
  return letGo;
}
