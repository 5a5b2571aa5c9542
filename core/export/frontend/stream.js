// The exported film of a stream: two cabinets, which the files in `cabinet/` draw, and what a person
// can do. `film` in `player.js` is what Python has written.

const stream = {
  root,
  sides: [],
  data: film,
  frames: [],
  arrives: false,
  position: 0,
  isPlaying: false,
  isFollowing: false,
  speed: 1,
  pace: 1, // frames a second
  grid: null, // see `cabinet/cells.js`
  pictures: undefined,
  ink: null,
  side: null, // the one that is pointed at
  pointed: -1, // the class that is
  frameRequest: 0,
};

// ---- what is on screen --------------------------------------------------------------------------

function draw() {
  const { position, speed, isPlaying } = stream;
  const frame = Math.round(position);
  drawSides(stream, readColours(root));
  const said = [film.notes[frame], ...showAccuracies(stream)].join(". ");
  find(".now").textContent = film.notes[frame];
  find(".scrubber").value = position;
  find(".scrubber").setAttribute("aria-valuetext", said);
  find(".speed").textContent = `${speed}×`;
  find(".back").disabled = position === 0;
  find(".on").disabled = position === lastFrame(stream);
  showPlaying(isPlaying);
  Object.assign(root.dataset, { frame, step: film.steps[frame] });
}

function readColours(element) {
  const style = getComputedStyle(element);
  const [paper, unknown, right] = ["--paper", "--unknown", "--right"].map((name) =>
    style.getPropertyValue(name),
  );
  return { ink: style.color, tones: tonesOf(paper, unknown, right) };
}

// ---- what is built once -------------------------------------------------------------------------

function build() {
  stream.pictures = cutOut(sprite, film);
  takeFrames(stream);
  createSides(stream, find(".sides"), find("template"));
  chooseLearners(stream);
  find(".all").textContent = `all ${film.asked} right`;
  find(".scrubber").setAttribute("aria-label", "Classes met");
  find(".speed").hidden = false;
  new ResizeObserver(draw).observe(find(".sides"));
  window.matchMedia("(prefers-color-scheme: dark)").onchange = draw;
}

// The pictures one after the other, of the one picture that has them all.
function cutOut(all, { columns, classes }) {
  const [width, height] = [all.width, all.height].map((length) => length / columns);
  const pen = new OffscreenCanvas(all.width, all.height).getContext("2d", { willReadFrequently: true });
  pen.drawImage(all, 0, 0);
  const grey = new Uint8Array(classes * width * height);
  for (let i = 0; i < classes; i++) {
    const [left, top] = [width * (i % columns), height * Math.floor(i / columns)];
    const { data } = pen.getImageData(left, top, width, height);
    for (let at = 0; at < width * height; at++) grey[i * width * height + at] = data[4 * at];
  }
  return { grey, width, height };
}

// ---- what a person does -------------------------------------------------------------------------

function listen() {
  const actions = {
    playOrPause: () => playOrPause(stream),
    back: () => stepFrame(stream, -1),
    on: () => stepFrame(stream, 1),
    seek: (position) => seek(stream, position),
  };
  listenToPlayer(actions, lastFrame(stream));
  find(".speed").onclick = () => {
    changeSpeed(stream);
    draw();
  };
}

startPlayer(() => {
  build();
  listen();
  if (wantsLessMotion()) seek(stream, lastFrame(stream));
  else playOrPause(stream);
});
