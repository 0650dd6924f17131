// How lines cross the gap between two rows: each on a track of its own, none upon another.

const NEAR = 3;

/** The track of each net that bends, counted from above, and how many there are.
 * A net that starts where another one ends has a track above that of the other. */
function tracksOf(crossings) {
  const bent = crossings.filter(({ start, end }) => Math.abs(start - end) >= 0.5);
  const spans = new Map();
  for (const { net, start, end } of bent) {
    const [low, high] = spans.get(net) || [Infinity, -Infinity];
    spans.set(net, [Math.min(low, start, end), Math.max(high, start, end)]);
  }
  const waiting = [...spans.keys()].sort(
    (a, b) => spans.get(a)[0] - spans.get(b)[0] || spans.get(b)[1] - spans.get(a)[1]);
  const over = above(crossings, bent);
  const found = new Map();
  const taken = [];
  while (waiting.length) {
    const free = waiting.findIndex((net) => ![...over.get(net)].some((each) => spans.has(each) && !found.has(each)));
    const [net] = waiting.splice(Math.max(free, 0), 1);
    const [low, high] = spans.get(net);
    let track = Math.max(0, ...[...over.get(net)].filter((each) => found.has(each)).map((each) => found.get(each) + 1));
    while (taken[track]?.some(([start, end]) => low < end + NEAR && high > start - NEAR)) track++;
    while (taken.length <= track) taken.push([]);
    taken[track].push([low, high]);
    found.set(net, track);
  }
  return { found, count: taken.length };
}

/** For each net that bends those of which some line starts where one of its own ends. */
function above(crossings, bent) {
  const over = new Map(bent.map(({ net }) => [net, new Set()]));
  for (const upper of crossings) {
    for (const lower of bent) {
      if (upper.net !== lower.net && Math.abs(upper.start - lower.end) < NEAR) over.get(lower.net).add(upper.net);
    }
  }
  return over;
}
