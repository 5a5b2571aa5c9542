// Keeps the pictures of a film's points for `portrait.js` to look up. They are a component of their
// own because Streamlit sends again whatever changed, and only the film's frames change.

export default function filmPictures({ data }) {
  const films = (globalThis.glimpseFilmPictures ??= new Map());
  films.set(data.film, { grey: fromBase64(data.grey), width: data.width, height: data.height });
  window.dispatchEvent(new CustomEvent(`glimpse-film:${data.film}`)); // who waited for them
  return () => films.delete(data.film);
}
