// What the exported films share: their data, their buttons and their keys.

const film = JSON.parse(document.getElementById("data").textContent);
const root = document.querySelector("main > div");
const find = (selector) => root.querySelector(selector);
const sprite = new Image(); // all pictures of the film, if it has any

// Starts once the pictures can be drawn.
function startPlayer(start) {
  const begin = () => {
    root.hidden = false;
    start();
  };
  if (!film.pictures) {
    begin();
    return;
  }
  sprite.onload = begin;
  sprite.src = film.pictures;
}

function showPlaying(isPlaying) {
  root.classList.toggle("playing", isPlaying);
  find(".play").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
}

// `seek` takes a moment from 0 to `last`.
function listenToPlayer({ playOrPause, back, on, seek }, last) {
  find(".play").onclick = playOrPause;
  find(".back").onclick = back;
  find(".on").onclick = on;
  find(".scrubber").max = last;
  find(".scrubber").oninput = (event) => seek(Number(event.target.value));
  listenToKeys(document, {
    ArrowLeft: back,
    ArrowRight: on,
    Home: () => seek(0),
    End: () => seek(last),
    " ": playOrPause,
  });
}
