// A Plotly chart that is updated in place. `Plotly.react` compares the new figure with the one on
// screen; `uirevision` makes it keep zoom, camera and what the legend hides.

const charts = new WeakMap();
let plotlyLoading = null;

export default function liveFigure({ data, parentElement, setTriggerValue }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = createChart(parentElement);
    charts.set(parentElement, chart);
  }
  chart.tell = (place) => data.clickable && setTriggerValue("clicked", place);
  receive(chart, data);
  return () => {
    charts.delete(parentElement);
    destroyChart(chart);
  };
}

function createChart(parentElement) {
  const chart = {
    root: parentElement.querySelector(".live-figure"),
    plot: parentElement.querySelector(".live-figure-plot"),
    marker: parentElement.querySelector(".live-figure-marker"),
    missing: parentElement.querySelector(".live-figure-missing"),
    data: null,
    shown: null, // the figure and theme on screen, as one string
    drawn: 0, // times that Plotly drew, which tests look at
    isHeld: false, // by a mouse button or a finger
    isGone: false,
    drawing: null, // what Plotly is at, or has finished
    buttons: null, // of its toolbar
    follows: "", // the film whose moment is marked
    tell: null, // the server, where a point was clicked
    listening: new AbortController(),
  };
  const { signal } = chart.listening;
  chart.plot.addEventListener("pointerdown", () => (chart.isHeld = true), { signal });
  const release = () => {
    if (!chart.isHeld) return;
    chart.isHeld = false;
    setTimeout(() => update(chart)); // after Plotly's own handler
  };
  window.addEventListener("pointerup", release, { signal });
  window.addEventListener("pointercancel", release, { signal });
  chart.resizing = new ResizeObserver(() => fit(chart));
  chart.resizing.observe(chart.root);
  return chart;
}

function destroyChart(chart) {
  chart.isGone = true;
  chart.listening.abort();
  chart.resizing.disconnect();
  const purge = () => window.Plotly.purge(chart.plot);
  chart.drawing?.then(purge, purge); // not before, or Plotly would miss the chart it still draws
}

function receive(chart, data) {
  chart.data = data;
  chart.root.setAttribute("aria-label", data.alt);
  chart.plot.style.height = `${data.height}px`; // before there is a chart, so that nothing jumps
  followFilm(chart, data.follows);
  update(chart);
}

// A chart that is being dragged is left alone, and catches up when it is let go.
async function update(chart) {
  const Plotly = await loadPlotly(chart);
  if (!Plotly || chart.isGone || chart.isHeld) return;
  const theme = readTheme(chart.plot);
  const wanted = JSON.stringify([theme, chart.data.height, chart.data.figure]);
  if (wanted === chart.shown) return;
  chart.shown = wanted;
  keepCameras(chart.plot);
  const { data, layout, frames } = JSON.parse(chart.data.figure);
  data.forEach((trace) => shareColour(trace, theme));
  chart.drawing = Plotly.react(chart.plot, {
    data,
    frames,
    layout: {
      uirevision: "kept",
      ...layout,
      height: chart.data.height,
      autosize: true,
      template: themeTemplate(theme),
    },
    config: {
      displayModeBar: !isTouchScreen() && "hover",
      displaylogo: false,
      modeBarButtonsToRemove: ["lasso2d", "select2d", "toImage"],
      modeBarButtonsToAdd: saveButtons(chart),
      plotlyServerURL: "", // nothing is ever sent to Plotly's cloud
      showSendToCloud: false,
    },
  });
  await chart.drawing;
  if (!chart.drawn) listenToPlot(chart);
  markMoment(chart);
  chart.drawn += 1;
  chart.root.dataset.drawn = chart.drawn;
}

function listenToPlot(chart) {
  chart.plot.on("plotly_click", ({ points: [at] }) => chart.tell([at.curveNumber, at.x, at.y]));
  chart.plot.on("plotly_afterplot", () => markMoment(chart)); // it was zoomed, or its column changed
}

// After a resize Plotly notes a turned camera where `Plotly.react` does not look for it.
function keepCameras(plot) {
  for (const id of plot._fullLayout?._subplots.gl3d ?? []) {
    const scene = plot._fullLayout[id];
    if (scene?._scene) scene.camera = { ...scene.camera, ...scene._scene.getCamera() };
  }
}

function fit(chart) {
  const width = chart.root.clientWidth; // 0 in a tab that is closed
  if (!chart.drawn || !width || width === chart.plot._fullLayout.width) return;
  window.Plotly.Plots.resize(chart.plot);
}

// ---- taking it away ---------------------------------------------------------------------------

// A curve with two handles.
const VECTOR_ICON = {
  width: 24,
  height: 24,
  path: "M3 16h5v5H3zM16 3h5v5h-5zM5 15C6 9 9 6 15 5v2.5C10.5 8.5 8 11 7.5 15z",
};
const FINER = 2; // pixels of a PNG for one on screen
const COMMON_FONT = "Arial, Helvetica, sans-serif"; // a picture cannot bring the page's own along

// Made once a chart: Plotly takes new functions for a new configuration, and builds the chart anew.
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

// The chart as it is on screen, zoomed and turned as it is, on the page's paper.
async function save({ plot, data: { name } }, format) {
  keepCameras(plot);
  const theme = readTheme(plot);
  const { width, height } = plot._fullLayout;
  const { data, layout } = structuredClone({ data: plot.data, layout: plot.layout });
  const template = themeTemplate({ ...theme, font: COMMON_FONT });
  const figure = { data, layout: { paper_bgcolor: theme.background, ...layout, template } };
  const scale = format === "svg" ? 1 : FINER;
  await window.Plotly.downloadImage(figure, { format, width, height, scale, filename: name });
}

// ---- plotly.js --------------------------------------------------------------------------------

async function loadPlotly(chart) {
  try {
    plotlyLoading ??= window.Plotly ? Promise.resolve() : loadScript(chart.data.source);
    await plotlyLoading;
    chart.missing.hidden = true;
    return window.Plotly;
  } catch (error) {
    plotlyLoading = null; // the next update tries again
    chart.missing.textContent = `${error.message} Reload the page to try again.`;
    chart.missing.hidden = false;
    return null;
  }
}

// Pages are one level deep, so that a relative address also holds behind a proxy with a prefix.
function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(source, window.location.href).href;
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error("The chart cannot be drawn, because plotly.js did not arrive."));
    };
    document.head.append(script);
  });
}

// ---- theme ------------------------------------------------------------------------------------

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

// What a figure does not say itself: Plotly takes it from here.
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

// Traces that belong together have one colour: `meta.colour` is its place in the theme's colourway.
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
