// The player of a film of inner steps: which step is shown, and what a person can do.

// `build` makes what is on screen, once. `draw` shows a step, and returns what to say of it beside
// its number, if anything. Each step is shown for `stepMs` while the film plays.
function playSteps({ last, stepMs, build, draw }) {
  let step = 0;
  let timer = null;

  function show(wanted) {
    step = Math.min(last, Math.max(0, wanted));
    const text = [`Step ${step} of ${last}`, ...draw(step)].join(" · ");
    find(".scrubber").value = step;
    find(".scrubber").setAttribute("aria-valuetext", text);
    find(".now").textContent = text;
    find(".back").disabled = step === 0;
    find(".on").disabled = step === last;
    root.dataset.step = step;
  }

  function go(wanted) {
    pause();
    show(wanted);
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    showPlaying(false);
  }

  function playOrPause() {
    if (timer) {
      pause();
      return;
    }
    show(step === last ? 0 : step + 1);
    timer = setInterval(() => {
      show(step + 1);
      if (step === last) pause();
    }, stepMs);
    showPlaying(true);
  }

  startPlayer(() => {
    build();
    find(".scrubber").step = 1;
    find(".scrubber").setAttribute("aria-label", "Inner step");
    find(".now").setAttribute("aria-live", "polite");
    listenToPlayer({ playOrPause, back: () => go(step - 1), on: () => go(step + 1), seek: go }, last);
    showPlaying(false);
    show(0);
  });
}
