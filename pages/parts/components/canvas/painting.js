// Strokes, undo and redo, and what the buttons do. `canvas.painted` is what they change.

const MAX_UNDO = 100; // strokes

function remember(canvas) {
  canvas.done.push(canvas.painted.slice());
  if (canvas.done.length > MAX_UNDO) canvas.done.shift();
  canvas.undone = [];
}

function startStroke(canvas, point, { erase = false, pointer = null } = {}) {
  remember(canvas);
  const ink = erase || canvas.tool === "eraser" ? 0 : 1;
  canvas.stroke = { from: point, ink, pointer };
  extendStroke(canvas, point);
  show(canvas);
}

// Paints every pixel whose centre is at most half a brush away from the line to `point`, and the
// pixel under the pen, which a brush of one may miss.
function extendStroke(canvas, point) {
  const { width, height, painted, brush, stroke } = canvas;
  const radius = brush / 2;
  const reach = (a, b, end) => [
    Math.max(0, Math.floor(Math.min(a, b) - radius)),
    Math.min(end - 1, Math.floor(Math.max(a, b) + radius)),
  ];
  const [left, right] = reach(stroke.from[0], point[0], width);
  const [top, bottom] = reach(stroke.from[1], point[1], height);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const centre = [column + 0.5, row + 0.5];
      if (distanceToSegment(centre, stroke.from, point) <= radius) {
        painted[row * width + column] = stroke.ink;
      }
    }
  }
  const [column, row] = [Math.floor(point[0]), Math.floor(point[1])];
  if (column >= 0 && column < width && row >= 0 && row < height) {
    painted[row * width + column] = stroke.ink;
  }
  stroke.from = point;
}

function endStroke(canvas) {
  canvas.stroke = null;
  showControls(canvas);
  canvas.send();
}

function distanceToSegment([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const along = length2 ? ((x - x0) * dx + (y - y0) * dy) / length2 : 0;
  const nearest = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - nearest * dx, y - y0 - nearest * dy);
}

function act(canvas, action) {
  if (canvas.stroke) return;
  if (action === "brush" || action === "eraser") {
    canvas.tool = action === canvas.tool ? "brush" : action;
    showControls(canvas);
    return;
  }
  if (canvas.buttons[action].disabled) return;
  if (action === "undo") {
    canvas.undone.push(canvas.painted);
    canvas.painted = canvas.done.pop();
  } else if (action === "redo") {
    canvas.done.push(canvas.painted);
    canvas.painted = canvas.undone.pop();
  } else {
    remember(canvas);
    canvas.painted = canvas.painted.map(action === "invert" ? (bit) => 1 - bit : () => 0);
  }
  show(canvas);
  canvas.send();
}
