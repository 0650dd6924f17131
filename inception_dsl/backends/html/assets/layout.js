// Places and lines of one body, and of all bodies inside it. As in figures, a layout knows two
// directions only: across the flow and along it; from top to bottom these are x and y.

const turned = data.direction === "LR";
const BETWEEN = 14, LANE = 10, GAP = 20, TRACK = 8, SIDE = 40, PORTS = LANE + BETWEEN, MARGIN = 12, SUM = 22;

/** What a part takes, with the offsets from its middle at which lines enter and leave; it is kept
 * until the part, or something in it, is opened or closed. */
function sizeOf(part) {
  return part.size ||= part.open ? openSize(part) : closedSize(part);
}

function closedSize(part) {
  if (isSum(part)) return { across: SUM, along: SUM, enters: new Map(), leaves: new Map() };
  const { width, height } = part.measured;
  const [across, along] = turned && !isBar(part) ? [height, width] : [width, height];
  return { across, along, enters: new Map(), leaves: new Map() };
}

function openSize(part) {
  const inner = layOut(part.body, part.frame);
  const size = { ...inner, inner, inset: [0, 0] };
  if (!part.frame) return size;
  const { width, height } = part.measured;
  if (turned) {
    size.across = height + inner.across + MARGIN;
    size.along = Math.max(inner.along, width);
    size.inset = [height, (size.along - inner.along) / 2];
    const shift = height + inner.across / 2 - size.across / 2;
    for (const ports of ["enters", "leaves"]) {
      size[ports] = new Map([...inner[ports]].map(([net, at]) => [net, at + shift]));
    }
  } else {
    size.across = Math.max(inner.across + 2 * MARGIN, width);
    size.along = height + inner.along;
    size.inset = [(size.across - inner.across) / 2, height];
  }
  return size;
}

/** Lays out a body: the places of its items, the points of its links, and where lines cross its
 * border, from its middle. */
function layOut(body, framed) {
  const places = placesOf(body);
  const { enters, leaves } = settleBody(body, places);
  const left = Math.min(...body.rows.flat().map((n) => places[n].at - places[n].across / 2));
  for (const at of [enters, leaves]) for (const [net, spot] of at) at.set(net, spot.at - left);
  for (const place of places) place.at -= left;
  const right = Math.max(...body.rows.flat().map((n) => places[n].at + places[n].across / 2));
  for (const place of places) if (place.side) place.at = right + SIDE + place.across / 2;
  const set = { body, places, enters, leaves, framed, tracks: new Map() };
  const along = setRows(set);
  const across = Math.max(...places.map((place) => place.at + place.across / 2));
  const paths = body.links.map((link) => pathOf(set, link, along));
  const fromMiddle = (ports) => new Map([...ports].map(([net, at]) => [net, at - across / 2]));
  return { across, along, places, paths, enters: fromMiddle(enters), leaves: fromMiddle(leaves) };
}

/** The items and lanes of a body, with their sizes. */
function placesOf(body) {
  const places = body.rowOf.map((row, n) => {
    const part = body.items[n];
    if (!part) return { row, across: LANE, along: 0, lane: true };
    const { across, along, enters, leaves } = sizeOf(part);
    return { row, part, across, along, enters: new Map(enters), leaves: new Map(leaves), side: part.side !== undefined };
  });
  for (const place of places) if (place.part && isBar(place.part)) stretch(body, places, place);
  equalWidths(body, places);
  places.forEach((place, n) => { if (place.part && !place.part.open && !place.part.form) spreadPorts(body, places, n); });
  return places;
}

/** A bar is as wide as what it joins. */
function stretch(body, places, bar) {
  const joined = new Set(body.into[places.indexOf(bar)].map(({ stops }) => stops.at(-2)));
  const widths = [...joined].filter((from) => from >= 0 && !(places[from].part && isBar(places[from].part)))
    .map((from) => places[from].across);
  const together = widths.reduce((a, b) => a + b, 0) + BETWEEN * Math.max(widths.length - 1, 0);
  if (turned) [bar.across, bar.along] = [Math.max(bar.along, together), bar.across];
  else bar.across = Math.max(bar.across, together);
}

/** Closed boxes that follow each other in one column are equally wide. */
function equalWidths(body, places) {
  const column = body.rows.filter((row) => row.length === 1).map(([n]) => places[n])
    .filter(({ part }) => part && !part.open && !part.form);
  const widest = Math.max(0, ...column.map((place) => place.across));
  for (const place of column) place.across = widest;
}

/** Lines of several nets enter and leave a closed box side by side. One that comes from right above
 * keeps the middle, so that boxes stand below each other; so does the last that comes from outside. */
function spreadPorts(body, places, n) {
  const ending = body.into[n].toSorted((a, b) => a.port - b.port);
  const entering = [...new Set(ending.map(({ net }) => net))];
  const above = ending.filter(({ stops }) => stops.at(-2) >= 0 && !places[stops.at(-2)].lane);
  const outside = ending.every(({ stops }) => stops[0] < 0);
  const last = entering.length - 1;
  const middle = above.length === 1 ? entering.indexOf(above[0].net) : outside ? last : last / 2;
  entering.forEach((net, k) => places[n].enters.set(net, (k - middle) * PORTS));
  const leaving = [...new Set(body.outOf[n].map(({ net }) => net))];
  leaving.forEach((net, k) => places[n].leaves.set(net, (k - (leaving.length - 1) / 2) * PORTS));
}

/** Settles all places across; gives the spots of the border, by net. */
function settleBody(body, places) {
  const spots = places.map((place) => spot(place.across, place.lane, isBroad(place)));
  const enters = new Map(), leaves = new Map();
  const done = new Set();
  for (const { net, stops } of body.links) {
    if (stops[0] < 0 && !enters.has(net)) enters.set(net, spot(LANE));
    if (stops.at(-1) < 0 && !leaves.has(net)) leaves.set(net, spot(LANE));
    for (const [from, to] of steps(stops)) {
      const key = `${net} ${from} ${to}`;
      if (done.has(key) || places[to]?.side) continue;
      done.add(key);
      const step = {
        source: from < 0 ? enters.get(net) : spots[from],
        target: to < 0 ? leaves.get(net) : spots[to],
        leaves: places[from]?.leaves?.get(net) || 0,
        enters: places[to]?.enters?.get(net) || 0,
        free: to >= 0 && Boolean(places[to].part) && isBar(places[to].part),
      };
      step.source.after.push(step);
      step.target.before.push(step);
    }
  }
  const ends = [...leaves.values()].map((each) => [each, mean(each.before.map((step) => spots.indexOf(step.source)))]);
  const inOrder = ends.sort((a, b) => a[1] - b[1]).map(([each]) => each);
  const firstRow = (body.rows[0] ?? []).map((n) => spots[n]);
  const firstReader = ({ after }) => (after.length ? Math.max(0, firstRow.indexOf(after[0].target)) : 0);
  const starts = [...enters.values()].sort((a, b) => firstReader(a) - firstReader(b));
  settle([starts, ...body.rows.map((row) => row.map((n) => spots[n])), inOrder], BETWEEN);
  places.forEach((place, n) => { place.at = spots[n].at; });
  return { enters, leaves };
}

/** Whether an open part has several inputs, and lets none of them out where it came in: it stands below
 * what it reads by its middle, else every such frame would move the figure to the side. */
function isBroad({ part, enters, leaves }) {
  if (!part?.open || enters.size <= 1) return false;
  return [...enters.values()].every((into) => [...leaves.values()].every((out) => Math.abs(into - out) > 1));
}

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / (numbers.length || 1);

/** Gives each row its place along the flow, and each net its tracks; tells where the body ends. */
function setRows(set) {
  const { body, places, framed, tracks } = set;
  const last = body.rows.length;
  const sides = places.filter((place) => place.side);
  let along = 0, busy = 0;
  for (let row = 0; row <= last; row++) {
    const { found, count } = tracksOf(crossings(set, row));
    const beside = sides.filter((place) => place.row === row);
    if (beside.length) along = Math.max(along, busy);
    const lead = row === 0 && !framed ? 0 : TRACK;
    for (const [net, track] of found) tracks.set(`${row} ${net}`, along + lead + track * TRACK);
    along += gapBefore(row, last, count, framed);
    for (const place of beside) {
      place.along0 = Math.max(along, busy);
      busy = place.along0 + place.along + GAP;
    }
    if (row === last) break;
    for (const n of body.rows[row]) places[n].along0 = along;
    along += Math.max(0, ...body.rows[row].map((n) => places[n].along));
  }
  return Math.max(along, busy && busy - GAP);
}

/** The room before a row, and behind the last. */
function gapBefore(row, last, count, framed) {
  const bent = count ? (count + 1) * TRACK + 6 : 0;
  if (row === 0) return Math.max(bent, framed ? GAP - 4 : 0);
  if (row === last) return Math.max(count ? (count + 1) * TRACK : 0, framed ? MARGIN : 0);
  return Math.max(bent, GAP);
}

/** The steps into a row, or out of the last. */
function crossings(set, row) {
  return set.body.stepsInto[row].filter(([net, from, to]) => !fromTheSide(set, from, to, net)).map(([net, from, to]) => {
    const start = leavesAt(set, from, net);
    return { net, start, end: entersAt(set, to, net, start) };
  });
}

function leavesAt({ places, enters }, from, net) {
  if (from < 0) return enters.get(net);
  return places[from].at + (places[from].leaves?.get(net) || 0);
}

function entersAt({ places, leaves }, to, net, start) {
  if (to < 0) return leaves.get(net);
  const place = places[to];
  if (place.lane) return place.at;
  if (isBar(place.part)) {
    const half = place.across / 2 - 4;
    return Math.min(Math.max(start, place.at - half), place.at + half);
  }
  const exact = place.at + (place.enters.get(net) || 0);
  return !place.part.open && Math.abs(exact - start) < 3 ? start : exact;
}

/** Whether a line reaches a sum from its side: straight down, then across into it. */
function fromTheSide(set, from, to, net) {
  const place = set.places[to];
  if (!place?.part || !isSum(place.part)) return false;
  const start = leavesAt(set, from, net);
  if (Math.abs(start - place.at) < place.across / 2) return false;
  const [low, high] = [Math.min(start, place.at), Math.max(start, place.at)];
  return !set.body.rows[place.row].some((n) => set.places[n] !== place
    && set.places[n].at - set.places[n].across / 2 < high && set.places[n].at + set.places[n].across / 2 > low);
}

/** The corners of a link, and whether it ends in an arrow head. */
function pathOf(set, link, end) {
  const { places, tracks, body } = set;
  const { net, stops } = link;
  const first = places[stops[0]];
  const points = [[leavesAt(set, stops[0], net), first ? first.along0 + first.along : 0]];
  for (const [from, to] of steps(stops)) {
    const start = leavesAt(set, from, net);
    const place = places[to];
    if (fromTheSide(set, from, to, net)) {
      const level = place.along0 + place.along / 2;
      points.push([start, level], [place.at + Math.sign(start - place.at) * place.across / 2, level]);
      continue;
    }
    const stop = entersAt(set, to, net, start);
    if (Math.abs(stop - start) >= 0.5) {
      const track = tracks.get(`${place ? place.row : body.rows.length} ${net}`);
      points.push([start, track], [stop, track]);
    }
    points.push([stop, place ? place.along0 : end]);
  }
  const target = places[stops.at(-1)]?.part;
  return { link, points, arrow: Boolean(target) && !target.open, kind: target?.side !== undefined ? "aux" : "flow" };
}
