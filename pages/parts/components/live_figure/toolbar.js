// Where Plotly's toolbar lies: in the line of the title, or where that has no room at the side.

const TOOLBAR_WIDTH = 190; // px, of all its buttons
const TITLE_SIZE = 15; // px, unless the figure says otherwise

// "h" or "v", as Plotly has it.
function toolbarSide(chart, { title }, theme) {
  const text = (title?.text ?? "").replace(/<[^>]*>/g, "");
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.font = `${title?.font?.size ?? TITLE_SIZE}px ${theme.font}`;
  const room = chart.root.clientWidth - context.measureText(text).width;
  return text && room < TOOLBAR_WIDTH ? "v" : "h";
}
