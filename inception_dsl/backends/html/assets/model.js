// The network: parts in a tree, each with its facts; what is open changes, all else stays.

const data = JSON.parse(document.getElementById("data").textContent);

/** Every part in the order of the spec. */
const parts = [];

/** Gives each part its parent and its number, and each body what layout asks of it: the row of each
 * place, the links into and out of each, and the steps into each row. */
function adopt(body, parent) {
  for (const part of body.items) {
    part.parent = parent;
    part.number = parts.push(part) - 1;
    if (part.body) adopt(part.body, part);
  }
  const lanes = body.rows.flat().length - body.items.filter((part) => part.side === undefined).length;
  body.rowOf = new Array(body.items.length + lanes);
  body.items.forEach((part, place) => { if (part.side !== undefined) body.rowOf[place] = part.side; });
  body.rows.forEach((row, number) => row.forEach((place) => { body.rowOf[place] = number; }));
  body.links = body.links.map(([net, port, ...stops]) => ({ net, port, stops }));
  body.into = body.rowOf.map(() => []);
  body.outOf = body.rowOf.map(() => []);
  body.stepsInto = [...body.rows, null].map(() => []);
  for (const link of body.links) {
    body.outOf[link.stops[0]]?.push(link);
    body.into[link.stops.at(-1)]?.push(link);
    for (const [from, to] of steps(link.stops)) {
      body.stepsInto[to < 0 ? body.rows.length : body.rowOf[to]].push([link.net, from, to]);
    }
  }
}

/** Each stop of a link with the next one; -1 is the border. */
const steps = (stops) => stops.slice(1).map((to, n) => [stops[n], to]);

/** Whether a part can be opened and closed. */
const foldable = (part) => Boolean(part.frame);

/** Whether a part is what stands in it: a branch, a group, the rounds of a repeat. */
const isWiring = (part) => Boolean(part.body) && !part.frame;

const isLayer = (part) => data.definitions[part.definition]?.role === "layer";
const isBar = (part) => part.form === "bar";
const isSum = (part) => Boolean(part.form) && part.form !== "bar";

/** What is open around a part, the innermost first. */
function* around(part) {
  for (let outer = part.parent; outer; outer = outer.parent) yield outer;
}

/** The box or frame that shows a part: itself, or what is closed around it. */
function shownBy(part) {
  let shown = isWiring(part) ? null : part;
  for (const outer of around(part)) {
    if (!outer.open) shown = outer;
    else if (!shown && outer.frame) shown = outer;
  }
  return shown;
}

/** The boxes that show what is in a part, or the part itself. */
function* boxesOf(part) {
  if (!isWiring(part)) yield part;
  else for (const inner of part.body.items) yield* boxesOf(inner);
}

/** The parts one level below in the tree that people walk: wiring is no level. */
function children(part) {
  const items = part ? (part.open && part.body ? part.body.items : []) : data.root.items;
  return items.flatMap((inner) => (isWiring(inner) ? children(inner) : [inner]));
}

/** The part one level above. */
function parentOf(part) {
  for (const outer of around(part)) if (outer.frame) return outer;
  return null;
}

/** How deep a part stands, from 1. */
const levelOf = (part) => 1 + [...around(part)].filter(foldable).length;

/** How many definitions a part stands in. */
const depthOf = (part) => [...around(part)].filter((outer) => outer.kind === "instance").length;

/** A part's name for people. */
const titleOf = (part) =>
  [part.name, part.call].filter(Boolean).join(" ") || (part.path ? part.path.split(".").pop() : "");

/** What a screen reader says of a part. */
function spokenOf(part) {
  const what = isSum(part) ? { "+": "add", "×": "multiply" }[part.form] || part.form : titleOf(part);
  return [...new Set([what, part.within, part.role, ...(part.facts || [])])].filter(Boolean).join(", ");
}

adopt(data.root, null);
