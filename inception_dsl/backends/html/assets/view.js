// The window onto the figure: moved by dragging, wheel, pinch and keys.

const view = document.getElementById("view");
const world = document.getElementById("world");
const zoomShown = document.getElementById("zoom");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const LEAST = 0.03, MOST = 4, EDGE = 24, READABLE = 0.4;
const camera = { x: 0, y: 0, scale: 1 };

function applyCamera() {
  world.style.transform = `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})`;
  zoomShown.textContent = `${Math.round(camera.scale * 100)} %`;
}

function panBy(x, y) {
  camera.x += x;
  camera.y += y;
  applyCamera();
}

/** Zooms by a factor; what is under a point of the window stays there. */
function zoomAt(factor, x = view.clientWidth / 2, y = view.clientHeight / 2) {
  const scale = Math.min(Math.max(camera.scale * factor, LEAST), MOST);
  const kept = scale / camera.scale;
  camera.x = x - (x - camera.x) * kept;
  camera.y = y - (y - camera.y) * kept;
  camera.scale = scale;
  applyCamera();
}

/** Shows the whole figure, at most at its own size. */
function showWhole() {
  glide();
  const [width, height] = figure.size;
  const [across, down] = [view.clientWidth - 2 * EDGE, view.clientHeight - 2 * EDGE];
  const scale = Math.min(across / width, down / height, 1);
  place(Math.max(scale, LEAST));
}

/** Shows the beginning, small enough to see all of its breadth if it can still be read. */
function showStart() {
  const [width, height] = figure.size;
  const [room, size] = turned ? [view.clientHeight, height] : [view.clientWidth, width];
  place(Math.min(Math.max((room - 2 * EDGE) / size, READABLE), 1));
}

/** Puts the figure in the middle, or what it begins with where it does not fit. */
function place(scale) {
  const [width, height] = figure.size;
  camera.scale = scale;
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = data.root.items[0].element;
  const centred = (room, size, first) => {
    const over = size * scale - room;
    return over <= -EDGE ? -over / 2 : Math.min(EDGE, Math.max(-over - EDGE, room / 2 - first * scale));
  };
  const x = centred(view.clientWidth, width, offsetLeft + offsetWidth / 2);
  const y = centred(view.clientHeight, height, offsetTop + offsetHeight / 2);
  camera.x = turned ? Math.min(Math.max(x, EDGE), 2 * EDGE) : x;
  camera.y = turned ? y : Math.min(Math.max(y, EDGE), 2 * EDGE);
  applyCamera();
}

/** Where an element is on the screen once the window has come to rest. */
function rectOf(element) {
  const [now, moving, frame] = [element, world, view].map((each) => each.getBoundingClientRect());
  const scale = camera.scale / (moving.width / world.offsetWidth || 1);
  const left = frame.left + camera.x + (now.left - moving.left) * scale;
  const top = frame.top + camera.y + (now.top - moving.top) * scale;
  const [width, height] = [now.width * scale, now.height * scale];
  return { left, top, right: left + width, bottom: top + height, width };
}

/** Moves the window if a part's label is not in it. */
function bringIntoView(part) {
  glide();
  const box = rectOf(part.label);
  const frame = view.getBoundingClientRect();
  panBy(
    shiftInto(box.left, box.right, frame.left + EDGE, frame.right - EDGE),
    shiftInto(box.top, box.bottom, frame.top + EDGE, frame.bottom - EDGE),
  );
}

/** How far a stretch has to move to lie between two bounds, or at least to begin there. */
function shiftInto(low, high, from, to) {
  if (low < from) return from - low;
  return high > to ? Math.max(to - high, from - low) : 0;
}

/** Shows all of the breadth of a part that was opened, as far as it can still be read. */
function makeRoom(part) {
  glide();
  const frame = view.getBoundingClientRect();
  const { left, top, width } = rectOf(part.element);
  const room = frame.width - 2 * EDGE;
  if (width > room) {
    const factor = Math.max(room / width, Math.min(1, READABLE / camera.scale));
    zoomAt(factor, left + width / 2 - frame.left, top - frame.top);
  }
  const now = rectOf(part.element);
  panBy(shiftInto(now.left, now.right, frame.left + EDGE, frame.right - EDGE), 0);
}

/** Lets the next move of the window be seen, for those who want to see motion. */
function glide() {
  if (still.matches) return;
  world.classList.add("glide");
  setTimeout(() => world.classList.remove("glide"), 250);
}

const pointers = new Map();
let moved = 0;

/** Whether the last press of the pointer was a drag. */
const dragged = () => moved > 4;

view.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  if (!pointers.size) moved = 0;
  pointers.set(event.pointerId, [event.clientX, event.clientY]);
});

addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = [event.clientX, event.clientY];
  const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
  pointers.set(event.pointerId, now);
  moved += distance(before, now);
  if (other) pinch(before, now, other);
  else if (dragged()) panBy(now[0] - before[0], now[1] - before[1]);
});

for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, (event) => pointers.delete(event.pointerId));
}

/** Two fingers: they keep what lies under them. */
function pinch(before, now, other) {
  const frame = view.getBoundingClientRect();
  panBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  const factor = distance(now, other) / (distance(before, other) || 1);
  zoomAt(factor, (now[0] + other[0]) / 2 - frame.left, (now[1] + other[1]) / 2 - frame.top);
}

view.addEventListener("wheel", (event) => {
  event.preventDefault();
  const frame = view.getBoundingClientRect();
  const lines = event.deltaMode === 1 ? 20 : 1;
  const speed = event.ctrlKey ? 0.01 : 0.0015;
  zoomAt(Math.exp(-event.deltaY * lines * speed), event.clientX - frame.left, event.clientY - frame.top);
}, { passive: false });

const STEP = 80;
const moves = { ArrowUp: [0, STEP], ArrowDown: [0, -STEP], ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0] };

view.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move = moves[event.key];
  if (move && (event.shiftKey || event.target === view)) panBy(...move);
  else if (event.key === "+" || event.key === "=") zoomAt(1.25);
  else if (event.key === "-" || event.key === "_") zoomAt(0.8);
  else if (event.key === "0") showWhole();
  else return;
  event.preventDefault();
});

/** Focus must not scroll the window: the camera alone moves it. */
view.addEventListener("scroll", () => { view.scrollTop = view.scrollLeft = 0; });
