// What the learners of a film know of each class at its position. A film has `frames` of numbers of
// right answers, [learner * classes + class], and `data` with the `classes` and how many are `asked`.

const SHORTEST_S = 5; // of a film at speed 1
const LONGEST_S = 20;

// Reads the frames out of the film's data.
function takeFrames(film) {
  film.frames = framesOf(film.data);
  film.arrives = film.frames[0].includes(NOT_MET);
  const last = lastFrame(film);
  film.pace = last / Math.min(LONGEST_S, Math.max(SHORTEST_S, last / FRAMES_A_SECOND));
}

function framesOf({ right, steps }) {
  const numbers = fromBase64(right);
  const size = numbers.length / steps.length;
  return steps.map((_, i) => numbers.subarray(i * size, (i + 1) * size));
}

// How much a learner knows of a class at the film's position, as a function of the class. Between two
// frames it lies between theirs; a class is met at once.
function sharesOf({ frames, position, data: { asked, classes } }, learner) {
  const at = wantsLessMotion() ? Math.round(position) : position;
  const [before, after] = [frames[Math.floor(at)], frames[Math.ceil(at)]];
  const nearest = frames[Math.round(at)];
  const between = at - Math.floor(at);
  return (index) => {
    const i = learner * classes + index;
    if (before[i] !== NOT_MET && after[i] !== NOT_MET) {
      return (before[i] + (after[i] - before[i]) * between) / asked;
    }
    return nearest[i] === NOT_MET ? null : nearest[i] / asked;
  };
}

// The class met since the frame before, the last one of several; -1 for none.
function newestOf({ frames, position, arrives, data: { classes } }) {
  const frame = Math.round(position);
  const lastMet = (numbers) => numbers.subarray(0, classes).findLastIndex((n) => n !== NOT_MET);
  const newest = arrives ? lastMet(frames[frame]) : -1;
  return frame > 0 && newest === lastMet(frames[frame - 1]) ? -1 : newest;
}
