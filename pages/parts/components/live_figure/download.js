// The toolbar's buttons that save a chart as PNG or SVG.

// A curve with two handles, as in a drawing program.
const VECTOR_ICON = {
  width: 24,
  height: 24,
  path: "M3 16h5v5H3zM16 3h5v5h-5zM5 15C6 9 9 6 15 5v2.5C10.5 8.5 8 11 7.5 15z",
};
const PNG_SCALE = 2; // pixels of a PNG for each one on screen
const COMMON_FONT = "Arial, Helvetica, sans-serif"; // a file cannot contain the page's own font

// Made once for each chart: new functions would look like a new configuration to Plotly, and it
// would rebuild the chart.
function saveButtons(chart) {
  chart.buttons ??= [
    saveButton(chart, "png", window.Plotly.Icons.camera),
    saveButton(chart, "svg", VECTOR_ICON),
  ];
  return chart.buttons;
}

function saveButton(chart, format, icon) {
  const title = `Download as ${format.toUpperCase()}`;
  return { name: title, title, icon, click: () => save(chart, format) };
}

// Saves the chart with the zoom and camera on screen, on the page's background.
async function save({ plot, data: { name } }, format) {
  keepCameras(plot);
  const theme = readTheme(plot);
  const { width, height } = plot._fullLayout;
  const { data, layout } = structuredClone({ data: plot.data, layout: plot.layout });
  const template = themeTemplate({ ...theme, font: COMMON_FONT });
  const figure = { data, layout: { paper_bgcolor: theme.background, ...layout, template } };
  const scale = format === "svg" ? 1 : PNG_SCALE;
  await window.Plotly.downloadImage(figure, { format, width, height, scale, filename: name });
}
