// A Plotly chart that is updated in place. `Plotly.react` compares the new figure with the one on
// screen; `uirevision` keeps zoom, camera and what is hidden in the legend.

const charts = new WeakMap();
let plotlyLoading = null;

export default function liveFigure({ data, parentElement, setTriggerValue }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = createChart(parentElement);
    charts.set(parentElement, chart);
  }
  chart.sendClick = (place) => data.clickable && setTriggerValue("clicked", place);
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
    drawn: 0, // how often Plotly has drawn it, for tests
    isHeld: false, // by a mouse button or a finger
    isGone: false,
    drawing: null, // the promise of Plotly's latest drawing
    buttons: null, // of the toolbar
    follows: "", // the film whose step is marked
    sendClick: null, // to the server
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
  chart.drawing?.then(purge, purge); // Plotly fails if the chart goes while it is being drawn
}

function receive(chart, data) {
  chart.data = data;
  chart.root.setAttribute("aria-label", data.alt);
  chart.plot.style.height = `${data.height}px`; // before the chart is there, so that nothing jumps
  followFilm(chart, data.follows);
  update(chart);
}

// A chart that is being dragged is updated when it is let go.
async function update(chart) {
  const Plotly = await loadPlotly(chart);
  if (!Plotly || chart.isGone || chart.isHeld) return;
  const theme = readTheme(chart.plot);
  const { data, layout, frames } = JSON.parse(chart.data.figure);
  const side = toolbarSide(chart, layout, theme);
  const wanted = JSON.stringify([theme, side, chart.data.height, chart.data.figure]);
  if (wanted === chart.shown) return;
  chart.shown = wanted;
  chart.root.dataset.toolbar = side;
  keepCameras(chart.plot);
  data.forEach((trace) => shareColour(trace, theme));
  chart.drawing = Plotly.react(chart.plot, {
    data,
    frames,
    layout: {
      uirevision: "kept",
      modebar: { orientation: side },
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
  chart.plot.on("plotly_click", ({ points: [at] }) => chart.sendClick([at.curveNumber, at.x, at.y]));
  chart.plot.on("plotly_afterplot", () => markMoment(chart)); // after a zoom or a resize
}

// After a resize, `Plotly.react` does not find the camera that a user has turned: it is copied to
// where it looks.
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
  update(chart); // the toolbar may have to move
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

// Pages are one level deep, so a relative address also works behind a proxy with a prefix.
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
