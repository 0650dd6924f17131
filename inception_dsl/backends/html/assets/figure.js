// The figure on the page: what is open is measured, laid out and placed; what did not change stays.

const figure = document.getElementById("figure");

/** Called with nothing after every change of what is open. */
const afterRender = [];

/** Brings the page up to date with what is open. `fresh` are parts that were never measured. */
function render(fresh) {
  measure(fresh);
  const layout = layOut(data.root, false);
  placeBody(data.root, figure, layout, [0, 0]);
  figure.size = [parseFloat(figure.style.width), parseFloat(figure.style.height)];
  for (const each of afterRender) each();
}

/** Reads the sizes of labels, all at once: the browser sets type only once. */
function measure(fresh) {
  for (const part of fresh) describe(part);
  const sizes = fresh.map(({ label }) => ({ width: label.offsetWidth + 1, height: label.offsetHeight + 1 }));
  fresh.forEach((part, n) => { part.measured = sizes[n]; });
}

/** Gives the boxes of a body their places; `tail` is the room between it and the frame around it. */
function placeBody(body, list, layout, tail) {
  if (body.layout === layout) return;
  body.layout = layout;
  resize(list, layout.across, layout.along);
  body.lines.style.width = list.style.width;
  body.lines.style.height = list.style.height;
  for (const place of layout.places) if (place.part) placePart(place);
  drawLines(body, layout, tail);
}

function placePart({ part, at, along0, across, along }) {
  const { style } = part.element;
  const [left, top] = turned ? [along0, at - across / 2] : [at - across / 2, along0];
  style.left = `${left}px`;
  style.top = `${top}px`;
  resize(part.element, across, along);
  if (!part.open) return;
  const { inner, inset } = part.size;
  const [x, y] = turned ? [inset[1], inset[0]] : inset;
  for (const element of [part.list, part.body.lines]) {
    element.style.left = `${x}px`;
    element.style.top = `${y}px`;
  }
  const tail = turned ? [inset[1], part.size.along - inset[1] - inner.along] : [0, 0];
  placeBody(part.body, part.list, inner, tail);
}

function resize(element, across, along) {
  element.style.width = `${turned ? along : across}px`;
  element.style.height = `${turned ? across : along}px`;
}

/** Opens and closes some parts, and draws what follows from it, once. */
function setOpen(changes) {
  const fresh = [];
  for (const [part, open] of changes) {
    if (!foldable(part) || Boolean(part.open) === open) continue;
    part.open = open;
    for (let each = part; each; each = each.parent) each.size = null;
  }
  for (const [part] of changes) {
    if (!part.element || !foldable(part)) continue;
    if (part.open) fillPart(part, fresh);
    if (!fresh.includes(part)) fresh.push(part);
  }
  render(fresh);
}

/** Opens what is around a part, so that it can be seen. */
function reveal(part) {
  const closed = [...around(part)].filter((outer) => !outer.open);
  if (closed.length) setOpen(closed.reverse().map((outer) => [outer, true]));
}

function start() {
  const fresh = [];
  fill(data.root, figure, fresh);
  render(fresh);
}
