// Scrolls the page to the column that this component is in, once for each request: of a link, while
// the page is at its top, or of a button. It stays there while the parts above are still growing,
// until a person scrolls.

const HOLD_MS = 3000; // longer than the parts above take to appear
const ROOM = 144; // px above the column, for the navigation bar and the section's title
const BY_HAND = ["wheel", "touchstart", "pointerdown", "keydown"];
const done = (globalThis.glimpseIntoView ??= new Set()); // kept when another page is visited

export default function intoView({ data, parentElement }) {
  if (done.has(data.asked)) return undefined;
  done.add(data.asked);
  const host = parentElement.getRootNode().host ?? parentElement;
  const column = host.closest("[data-testid=stColumn]");
  const page = host.closest("[data-testid=stMain]");
  if (!column || !page) return undefined;
  const isAtTop = page.scrollTop === 0; // otherwise a person is already reading
  const isWanted = data.pressed ? !isHeadInSight(column, page) : isAtTop;
  return isWanted ? hold(column, page) : undefined;
}

// Its upper edge, and room for what is read first.
function isHeadInSight(column, page) {
  const { top, bottom } = page.getBoundingClientRect();
  const edge = column.getBoundingClientRect().top;
  return edge >= top && edge < (top + bottom) / 2;
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
