// The colours and the font of the page, as a template for Plotly.

function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"),
    background: read("background-color"),
    panel: read("secondary-background-color"),
    border: read("border-color"),
    accent: read("primary-color"),
    font: read("font"),
    colorway: read("chart-categorical-colors").split(","),
    sequential: read("chart-sequential-colors").split(","),
    diverging: read("chart-diverging-colors").split(","),
  };
}

// Plotly takes from here whatever a figure does not set itself.
function themeTemplate(theme) {
  const clear = "rgba(0,0,0,0)";
  const lines = { gridcolor: theme.border, linecolor: theme.border, zerolinecolor: theme.border };
  const wall = { ...lines, backgroundcolor: clear };
  return {
    layout: {
      colorway: theme.colorway,
      colorscale: { sequential: spread(theme.sequential), diverging: spread(theme.diverging) },
      font: { color: theme.text, family: theme.font, size: 13 },
      hoverlabel: {
        bgcolor: theme.panel,
        bordercolor: theme.border,
        font: { color: theme.text, family: theme.font },
      },
      legend: { bgcolor: clear, orientation: "h", x: 0, y: 1, yanchor: "bottom" },
      margin: { l: 8, r: 8, t: 48, b: 8 },
      modebar: { bgcolor: clear, color: theme.border, activecolor: theme.accent },
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      scene: { xaxis: wall, yaxis: wall, zaxis: wall },
      title: { font: { size: 15 }, x: 0, xref: "container", xanchor: "left", y: 0.97, yanchor: "top" },
      xaxis: { ...lines, automargin: true },
      yaxis: { ...lines, automargin: true },
      ...(isTouchScreen() && { dragmode: false }), // a finger on the chart scrolls the page
    },
  };
}

// Traces that belong together share a colour: `meta.colour` is its index in the colourway.
function shareColour(trace, { colorway }) {
  if (trace.meta?.colour === undefined) return;
  const color = colorway[trace.meta.colour % colorway.length];
  trace.line = { ...trace.line, color };
  trace.marker = { ...trace.marker, color };
}

function spread(colours) {
  return colours.map((colour, i) => [i / (colours.length - 1), colour]);
}

function isTouchScreen() {
  return window.matchMedia("(pointer: coarse)").matches;
}
