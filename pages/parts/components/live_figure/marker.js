// The moment of a film on the curves beside it: an upright line over the chart, so that the chart
// need not be drawn anew while the film plays.

function followFilm(chart, film) {
  if (chart.follows === film) return;
  chart.follows = film;
  if (film) onMoment(film, chart.listening.signal, () => markMoment(chart));
}

function markMoment({ marker, plot, follows }) {
  const step = filmMoments().get(follows)?.step;
  const { xaxis, yaxis } = plot._fullLayout ?? {};
  const along = xaxis && step !== undefined ? xaxis.d2p(step) : -1;
  marker.hidden = !(along >= 0 && along <= xaxis._length); // outside of what is zoomed to
  if (marker.hidden) return;
  marker.style.left = `${xaxis._offset + along}px`;
  marker.style.top = `${yaxis._offset}px`;
  marker.style.height = `${yaxis._length}px`;
}
