// Lines between boxes: one picture for each body, behind its boxes.

const RADIUS = 6, HEAD = 7;

/** Draws the lines of a body. */
function drawLines(body, layout, tail) {
  const picture = body.lines;
  picture.replaceChildren();
  for (const { link, points, arrow, kind } of layout.paths) {
    const way = simple(extended(link, points, layout, tail));
    // A box at the border of its body: the line outside ends at it, the head is drawn here.
    if (way.length < 2 && arrow) way.unshift([way[0][0], way[0][1] - HEAD]);
    const corners = way.map(([across, along]) => (turned ? [along, across] : [across, along]));
    if (corners.length < 2) continue;
    const line = shape("path", `route ${kind}`);
    line.setAttribute("d", rounded(arrow ? shortened(corners) : corners));
    line.dataset.from = body.items[link.stops[0]]?.number ?? "";
    line.dataset.to = body.items[link.stops.at(-1)]?.number ?? "";
    picture.append(line);
    if (!arrow) continue;
    const head = shape("path", `head ${kind}`);
    head.setAttribute("d", arrowHead(corners));
    head.dataset.from = line.dataset.from;
    head.dataset.to = line.dataset.to;
    picture.append(head);
  }
}

function shape(tag, name) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute("class", name);
  return element;
}

/** With the way between the border of a body and that of the frame around it. */
function extended(link, points, layout, [before, behind]) {
  const all = [...points];
  if (link.stops[0] < 0 && before) all.unshift([points[0][0], -before]);
  if (link.stops.at(-1) < 0 && behind) all.push([points.at(-1)[0], layout.along + behind]);
  return all;
}

/** Without repeated corners, and corners in the middle of a straight line. */
function simple(points) {
  const kept = [];
  const same = (a, b) => Math.abs(a - b) < 0.05;
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last && same(last[0], point[0]) && same(last[1], point[1])) continue;
    const straight = (axis) => same(before[axis], last[axis]) && same(last[axis], point[axis]);
    if (before && [0, 1].some(straight)) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** A point at a distance from one towards another. */
function towards([x, y], [toX, toY], distance) {
  const length = Math.hypot(toX - x, toY - y) || 1;
  return [x + (toX - x) * distance / length, y + (toY - y) * distance / length];
}

/** With room for an arrow head. */
const shortened = (corners) =>
  [...corners.slice(0, -1), towards(corners.at(-1), corners.at(-2), HEAD * 0.8)];

/** The path along some corners, which are rounded. */
function rounded(corners) {
  const at = ([x, y]) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  let path = `M${at(corners[0])}`;
  for (let n = 1; n < corners.length - 1; n++) {
    const [before, corner, after] = corners.slice(n - 1, n + 2);
    const reach = Math.min(RADIUS, distance(before, corner) / 2, distance(corner, after) / 2);
    path += `L${at(towards(corner, before, reach))}Q${at(corner)} ${at(towards(corner, after, reach))}`;
  }
  return `${path}L${at(corners.at(-1))}`;
}

const distance = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** A filled triangle whose tip is the end of the line. */
function arrowHead(corners) {
  const [x, y] = corners.at(-1);
  const [backX, backY] = towards(corners.at(-1), corners.at(-2), HEAD);
  const [acrossX, acrossY] = [(backY - y) * 0.4, (x - backX) * 0.4];
  return `M${x} ${y}L${backX + acrossX} ${backY + acrossY}L${backX - acrossX} ${backY - acrossY}Z`;
}
