// Keeps the pictures of a map's points, apart from the map: Streamlit would send them again with each
// new colour.

export default function mapPictures({ data }) {
  const sheets = (globalThis.glimpseMapPictures ??= new Map());
  const image = new Image();
  image.src = data.sheet;
  sheets.set(data.map, { image, side: data.side, columns: data.columns });
  return () => sheets.delete(data.map);
}
