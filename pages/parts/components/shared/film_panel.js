// A panel beside a film of points: made once for its place on the page, shown anew whenever the
// server or the film has something to say.

const panels = new WeakMap();

// `create(parentElement)` gives its parts, `receive(panel)` takes in `panel.data`, `show(panel)`
// brings it on screen, and `leave(data)` takes back what `receive` gave to the film.
function mountPanel({ data, parentElement }, { create, receive, show, leave }) {
  let panel = panels.get(parentElement);
  if (!panel) {
    panel = { ...create(parentElement), data: null, listening: new AbortController() };
    panels.set(parentElement, panel);
  }
  panel.data = { ...data, labels: fromBase64(data.labels) };
  panel.listening.abort();
  panel.listening = new AbortController();
  onMoment(data.film, panel.listening.signal, () => show(panel)); // pictures may come later
  receive(panel);
  show(panel);
  return () => {
    panels.delete(parentElement);
    panel.listening.abort();
    leave(panel.data);
  };
}
