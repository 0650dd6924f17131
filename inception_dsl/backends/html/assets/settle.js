// Where the places of a body stand across its rows, in their order, as straight below each other as
// can be; the same method as in figures.

const SWEEPS = 8;

/** A place in a row: its middle, its size across, and the steps that end there. A line passes a
 * lane without stopping; a broad place stands below what it reads by its middle. */
const spot = (size, lane = false, broad = false) => ({ size, lane, broad, at: 0, before: [], after: [] });

/** Gives every spot of some rows its middle; neighbours keep a gap and their order. */
function settle(rows, gap) {
  for (const row of rows) spread(row, row.map(() => 0), gap);
  sweep(rows, gap, false, true);
  for (let turn = 0; turn < SWEEPS; turn++) {
    sweep(turn % 2 ? rows : rows.toReversed(), gap, turn > 0, true);
  }
  for (const row of rows) spread(row, row.map(straightBelow), gap);
  if (rows[0].length > 1) spread(rows[0], rows[0].map((each) => (each.after.length ? fromBelow(each) : each.at)), gap);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first.length === 1 && last.length === 1 && first[0].after.length > 1) {
    first[0].at = last[0].at; // what goes in fans out: it may stand above what comes out
  }
}

function sweep(rows, gap, up, down) {
  for (const row of rows) {
    spread(row, row.map((each) => {
      const sides = [];
      if (down && each.before.length) sides.push(fromAbove(each));
      if (up && each.after.length) sides.push(fromBelow(each));
      return sides.length ? sides.reduce((a, b) => a + b) / sides.length : each.at;
    }), gap);
  }
}

function fromAbove({ before, broad }) {
  const boxes = before.filter((step) => !step.source.lane);
  const steps = before[0].free || !boxes.length ? before : boxes; // lanes only pass
  const [step] = steps;
  if (steps.length === 1 && !step.free) return step.source.at + step.leaves - (broad ? 0 : step.enters);
  return middle(steps.map((each) => each.source));
}

function fromBelow({ after }) {
  const boxes = after.filter((step) => !step.target.lane);
  const steps = boxes.length ? boxes : after; // lanes only pass
  const [step] = steps;
  if (steps.length > 1) return middle(steps.map((each) => each.target));
  return step.free ? step.target.at : step.target.at + step.enters - step.leaves;
}

/** Straight below its only source, where that leads to no other box, or in the middle of several. */
function straightBelow(each) {
  const { before } = each;
  if (!before.length) return each.at;
  const boxes = new Set(before.map((step) => step.source).filter((source) => !source.lane));
  const alone = before.length === 1 && before[0].source.after.every(({ target }) => target === each || target.lane);
  const one = before.length > 1 && boxes.size === 1;
  return alone || one || before[0].free ? fromAbove(each) : each.at;
}

/** The middle of the space that spots take together. */
function middle(spots) {
  const low = Math.min(...spots.map((each) => each.at - each.size / 2));
  const high = Math.max(...spots.map((each) => each.at + each.size / 2));
  return (low + high) / 2;
}

/** The places nearest to the wishes, by least squares, at which no neighbours overlap: with the
 * widths before it taken off each place only the order is asked, the regression by pooling. Lanes
 * weigh little: they make room for boxes. */
function spread(row, wishes, gap) {
  const offsets = [];
  row.forEach((each, n) => offsets.push(n ? offsets[n - 1] + (row[n - 1].size + each.size) / 2 + gap : 0));
  const pools = [];
  wishes.forEach((wish, n) => {
    let [mean, weight, count] = [wish - offsets[n], row[n].lane ? 0.05 : 1, 1];
    while (pools.length && pools.at(-1)[0] > mean) {
      const [other, heavy, many] = pools.pop();
      mean = (mean * weight + other * heavy) / (weight + heavy);
      weight += heavy;
      count += many;
    }
    pools.push([mean, weight, count]);
  });
  let n = 0;
  for (const [mean, , count] of pools) {
    for (const end = n + count; n < end; n++) row[n].at = mean + offsets[n];
  }
}
