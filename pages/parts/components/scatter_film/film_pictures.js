// Keeps the pictures of a film's points for `picturesOf`. They are a component of their own so that
// Streamlit does not send them again with each new frame.

export default function filmPictures({ data }) {
  const films = (globalThis.glimpseFilmPictures ??= new Map());
  films.set(data.film, { grey: fromBase64(data.grey), width: data.width, height: data.height });
  window.dispatchEvent(new CustomEvent(`glimpse-film:${data.film}`)); // for the panels that wait for them
  return () => films.delete(data.film);
}
