// Scrolls the page to the column that this component is in, once for each request: of a link, while
// the page is at its top, or of a button. Or to the section that the address names, when the page
// opens. It stays there while the parts above are still growing, until a person scrolls.

const HOLD_MS = 3000; // after the last growth: longer than the next part takes to appear
const ROOM = 144; // px above the column, for the navigation bar and the section's title
const SECTION_ROOM = 76; // px above the heading of a section, for the navigation bar
const BY_HAND = ["wheel", "touchstart", "pointerdown", "keydown"];
const done = (globalThis.glimpseIntoView ??= new Set()); // kept when another page is visited

export default function intoView({ data, parentElement }) {
  const host = parentElement.getRootNode().host ?? parentElement;
  const page = host.closest("[data-testid=stMain]");
  if (data.asked === "section") return page ? followAddress(page) : undefined;
  if (done.has(data.asked)) return undefined;
  done.add(data.asked);
  const column = host.closest("[data-testid=stColumn]");
  if (!column || !page) return undefined;
  const isAtTop = page.scrollTop === 0; // otherwise a person is already reading
  const isWanted = data.pressed ? !isHeadInSight(column, page) : isAtTop;
  return isWanted ? hold(column, page, ROOM) : undefined;
}

// The heading of the section comes after all that is above it.
function followAddress(page) {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id || done.has(location.href)) return undefined;
  let letGo = null;
  const waiting = new MutationObserver(find);
  function find() {
    const heading = document.getElementById(id);
    if (!heading || letGo) return;
    done.add(location.href);
    waiting.disconnect();
    letGo = hold(heading, page, SECTION_ROOM);
  }
  waiting.observe(page, { childList: true, subtree: true });
  find();
  return () => {
    waiting.disconnect();
    letGo?.();
  };
}

// Its upper edge, and room for what is read first.
function isHeadInSight(column, page) {
  const { top, bottom } = page.getBoundingClientRect();
  const edge = column.getBoundingClientRect().top;
  return edge >= top && edge < (top + bottom) / 2;
}

function hold(target, page, room) {
  const settle = () => {
    page.scrollTop += target.getBoundingClientRect().top - page.getBoundingClientRect().top - room;
  };
  let timer = 0;
  const grow = () => {
    settle();
    clearTimeout(timer);
    timer = setTimeout(letGo, HOLD_MS);
  };
  const growing = new ResizeObserver(grow);
  const letGo = () => {
    clearTimeout(timer);
    growing.disconnect();
    BY_HAND.forEach((name) => window.removeEventListener(name, letGo, true));
  };
  BY_HAND.forEach((name) => window.addEventListener(name, letGo, true));
  growing.observe(page.querySelector("[data-testid=stMainBlockContainer]") ?? page);
  grow();
  return letGo;
}
