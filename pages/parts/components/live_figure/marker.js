// A vertical line over the chart at the step that a film beside it shows. It is not part of the
// chart, so the chart is not redrawn while the film plays.

function followFilm(chart, film) {
  if (chart.follows === film) return;
  chart.follows = film;
  if (film) onMoment(film, chart.listening.signal, () => markMoment(chart));
}

function markMoment({ marker, plot, follows }) {
  const step = filmMoments().get(follows)?.step;
  const { xaxis, yaxis } = plot._fullLayout ?? {};
  const along = xaxis && step !== undefined ? xaxis.d2p(step) : -1;
  marker.hidden = !(along >= 0 && along <= xaxis._length); // outside the zoomed range
  if (marker.hidden) return;
  marker.style.left = `${xaxis._offset + along}px`;
  marker.style.top = `${yaxis._offset}px`;
  marker.style.height = `${yaxis._length}px`;
}
