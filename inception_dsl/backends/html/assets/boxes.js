// The elements of the figure: a nested list, so that it is one to screen readers, too.

const SVG = "http://www.w3.org/2000/svg";

/** An element with a class and text; the only way for text of a spec onto the page. */
function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/** Makes the list items of a body, and what is open in them; `list` is the `ul` they stand in. */
function fill(body, list, fresh) {
  body.lines = document.createElementNS(SVG, "svg");
  body.lines.setAttribute("class", "lines");
  body.lines.setAttribute("aria-hidden", "true");
  list.before(body.lines);
  for (const part of body.items) {
    list.append(itemOf(part));
    if (!isWiring(part)) fresh.push(part);
    if (part.open) fillPart(part, fresh);
  }
}

/** Makes the inside of an open part, on its first opening. */
function fillPart(part, fresh) {
  if (part.list) return;
  part.list = make("ul", "body");
  part.list.setAttribute("role", part.frame ? "group" : "none");
  part.element.append(part.list);
  fill(part.body, part.list, fresh);
}

/** The list item of a part; its label is a name, a call and facts, or a sign. */
function itemOf(part) {
  const item = part.element = make("li", `part role-${part.role}`);
  item.dataset.part = part.number;
  if (isWiring(part)) {
    item.className = "wiring";
    item.setAttribute("role", "none");
    return item;
  }
  item.setAttribute("role", "treeitem");
  item.setAttribute("aria-label", spokenOf(part));
  item.setAttribute("aria-level", levelOf(part));
  item.tabIndex = -1;
  if (isBar(part)) item.classList.add("bar");
  if (isSum(part)) item.classList.add("sum");
  if (part.times) item.classList.add("several");
  if (part.side !== undefined) item.classList.add("side");
  part.label = make("div", "label");
  if (isSum(part)) part.label.append(make("span", "sign", part.form));
  else {
    if (part.name) part.label.append(make("span", "name", part.name));
    if (part.call) part.label.append(make("span", "call", part.call));
    if (part.facts) part.label.append(factsIn(part.facts));
  }
  item.append(part.label);
  return item;
}

/** Facts in one line or several, none of them broken. */
function factsIn(facts) {
  const line = make("span", "facts");
  facts.forEach((fact, n) => line.append(make("span", "", n < facts.length - 1 ? `${fact} ·` : fact), " "));
  return line;
}

/** Says what is open, and where each part stands among its neighbours. */
function describe(part) {
  if (isWiring(part)) return;
  part.element.classList.toggle("open", Boolean(part.open));
  part.element.classList.toggle("foldable", foldable(part));
  if (foldable(part)) part.element.setAttribute("aria-expanded", Boolean(part.open));
}
