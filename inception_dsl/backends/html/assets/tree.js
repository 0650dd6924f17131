// The figure as a tree for the keyboard and the mouse, after the pattern of WAI-ARIA.

const live = document.getElementById("live");
let current = null; // the part in focus, or last in focus

/** Tells screen readers. */
function announce(text) {
  live.textContent = "";
  live.textContent = text;
}

/** The parts that can be seen, in the order of the tree. */
function* walk(part = null) {
  for (const child of children(part)) {
    yield child;
    yield* walk(child);
  }
}

/** Makes a part the one in focus; Tab comes back to it. */
function focusPart(part, moveView = true) {
  if (current?.element) current.element.tabIndex = -1;
  current = part;
  part.element.tabIndex = 0;
  part.element.focus({ preventScroll: true });
  if (moveView) bringIntoView(part);
}

/** Opens or closes a part; its label stays where it is on the screen. */
function toggle(part, open = !part.open) {
  if (!foldable(part)) return;
  const before = rectOf(part.label);
  setOpen([[part, open]]);
  const after = rectOf(part.label);
  panBy(before.left + before.width / 2 - after.left - after.width / 2, before.top - after.top);
  if (open) makeRoom(part);
  announce(`${titleOf(part)} ${open ? "open" : "closed"}`);
}

/** Opens all parts down to a depth and closes those below it; without a depth it opens all. */
function openTo(depth) {
  const opens = (part) => {
    if (part.kind === "section") return depth > 0 || part.role === "stage";
    if (part.kind === "instance") return !isLayer(part) && depthOf(part) < depth;
    return true; // the rounds of a repeat
  };
  setOpen(parts.filter(foldable).map((part) => [part, depth === null || opens(part)]));
  showStart();
  const boxes = [...walk()].length;
  announce(`${boxes} parts shown`);
}

/** What each key does to the part in focus. */
const treeKeys = {
  Enter: (part) => toggle(part),
  " ": (part) => toggle(part),
  ArrowDown: (part) => neighbour(part, 1),
  ArrowUp: (part) => neighbour(part, -1),
  ArrowRight: (part) => {
    if (foldable(part) && !part.open) toggle(part, true);
    else if (children(part).length) focusPart(children(part)[0]);
  },
  ArrowLeft: (part) => {
    if (part.open && foldable(part)) toggle(part, false);
    else if (parentOf(part)) focusPart(parentOf(part));
  },
  Home: () => focusPart(walk().next().value),
  End: () => focusPart([...walk()].at(-1)),
  "*": (part) => {
    const beside = children(parentOf(part)).filter(foldable);
    setOpen(beside.map((each) => [each, true]));
    bringIntoView(part);
  },
};

function neighbour(part, step) {
  const all = [...walk()];
  const next = all[all.indexOf(part) + step];
  if (next) focusPart(next);
}

const partAt = (target) => parts[target.closest?.("[data-part]:not(.wiring)")?.dataset.part] || null;

figure.addEventListener("keydown", (event) => {
  const part = partAt(event.target);
  const act = treeKeys[event.key];
  const forOthers = event.ctrlKey || event.metaKey || event.altKey
    || event.shiftKey && event.key.startsWith("Arrow");
  if (!part || !act || forOthers) return;
  event.preventDefault();
  event.stopPropagation();
  act(part);
});

figure.addEventListener("click", (event) => {
  const part = partAt(event.target);
  if (!part || dragged()) return;
  focusPart(part, false);
  const onLabel = event.target.closest(".label") || !part.open;
  if (onLabel) toggle(part);
});

figure.addEventListener("focusin", (event) => {
  const part = partAt(event.target);
  if (part && part !== current) focusPart(part);
  if (part) show(part, true);
});

/** The places among neighbours change with every fold. */
afterRender.push(() => {
  const pending = [null];
  while (pending.length) {
    const inside = children(pending.pop());
    inside.forEach((part, n) => {
      part.element.setAttribute("aria-posinset", n + 1);
      part.element.setAttribute("aria-setsize", inside.length);
      if (part.open) pending.push(part);
    });
  }
  if (current && shownBy(current) !== current) focusPart(shownBy(current), false);
  if (!current) {
    current = children(null)[0];
    current.element.tabIndex = 0;
  }
});
