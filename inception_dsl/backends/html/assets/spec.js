// The spec beside the figure: each line knows the parts that it makes, each part its lines.

const files = [...document.querySelectorAll(".file")];
const tabs = [...document.querySelectorAll('[role="tab"]')];
const lineAt = (file, number) => document.getElementById(`line-${file}-${number}`);

/** By file and line the parts that it makes, the narrowest first. */
const makers = new Map();
for (const part of parts) {
  for (const [file, first, last] of part.at || []) {
    for (let number = first; number <= last; number++) {
      const key = `line-${file}-${number}`;
      if (!makers.has(key)) makers.set(key, []);
      makers.get(key).push([last - first, part]);
    }
  }
}
for (const key of makers.keys()) document.getElementById(key)?.classList.add("makes");

/** The parts that a line makes: those of the narrowest statement around it, else all that its
 * definition makes. */
function madeBy(line) {
  const found = makers.get(line.id);
  const [, file, number] = line.id.split("-").map(Number);
  const inside = data.definitions
    .findIndex(({ at }) => at && at[0] === file && at[1] <= number && number <= at[2]);
  const ofDefinition = parts.filter((part) => inside >= 0 && part.definition === inside);
  if (!found) return ofDefinition;
  const least = Math.min(...found.map(([size]) => size));
  return found.filter(([size]) => size === least).map(([, part]) => part);
}

/** The boxes on the page that show some parts. */
function boxesFor(made) {
  const visible = (part) => [...around(part)].every((outer) => outer.open);
  const shown = made.flatMap((part) => (isWiring(part) && visible(part) ? [...boxesOf(part)] : [shownBy(part)]));
  return [...new Set(shown.filter(Boolean))];
}

/** Marks the lines of a part: where it is used, and where it is defined. */
function markLines(part, scroll) {
  for (const line of document.querySelectorAll(".line.use, .line.definition")) {
    line.classList.remove("use", "definition");
  }
  if (!part) return;
  const definition = data.definitions[part.definition]?.at;
  if (definition) each(definition, (line) => line.classList.add("definition"));
  for (const place of part.at || []) each(place, (line) => line.classList.add("use"));
  if (scroll && part.at) showLine(...part.at[0]);
}

function each([file, first, last], act) {
  for (let number = first; number <= last; number++) {
    const line = lineAt(file, number);
    if (line) act(line);
  }
}

/** Shows a file, and a line in it. */
function showLine(file, first) {
  selectTab(file);
  const line = lineAt(file, first);
  const box = files[file].querySelector(".code");
  if (!line) return;
  const [top, room] = [line.offsetTop, box.clientHeight];
  if (top < box.scrollTop + 30 || top > box.scrollTop + room - 60) {
    box.scrollTo({ top: top - room / 3, behavior: still.matches ? "instant" : "smooth" });
  }
}

function selectTab(chosen) {
  tabs.forEach((tab, n) => {
    tab.setAttribute("aria-selected", n === chosen);
    tab.tabIndex = n === chosen ? 0 : -1;
    files[n].hidden = n !== chosen;
  });
}

/** Marks the boxes that a line makes. */
function markBoxes(line) {
  for (const marked of figure.querySelectorAll(".made")) marked.classList.remove("made");
  if (!line) return [];
  const boxes = boxesFor(madeBy(line));
  for (const { element } of boxes) element.classList.add("made");
  return boxes;
}

/** Goes from a line to the first box that it makes. */
function follow(line) {
  const [made] = madeBy(line);
  if (!made) return announce("this line makes no part");
  const [box] = boxesFor([made]);
  bringIntoView(box);
  show(box, false);
  const count = markBoxes(line).length;
  announce(`${titleOf(box)}${count > 1 ? ` and ${count - 1} more` : ""}`);
}

for (const code of document.querySelectorAll(".code")) {
  code.addEventListener("pointerover", (event) => markBoxes(event.target.closest(".line")));
  code.addEventListener("pointerleave", () => markBoxes(null));
  code.addEventListener("click", (event) => {
    const line = event.target.closest(".line");
    if (!line || String(getSelection())) return;
    choose(code, line);
    follow(line);
  });
  code.addEventListener("keydown", (event) => {
    const lines = [...code.children];
    const at = lines.findIndex((line) => line.classList.contains("chosen"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (event.key === "Enter" && at >= 0) follow(lines[at]);
    else if (lines[to]) choose(code, lines[to]);
    else return;
    event.preventDefault();
  });
}

/** Makes a line the one that the keyboard stands on. */
function choose(code, line) {
  code.querySelector(".chosen")?.classList.remove("chosen");
  line.classList.add("chosen");
  code.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
  markBoxes(line);
}

tabs.forEach((tab, n) => {
  tab.addEventListener("click", () => selectTab(n));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (n + step + tabs.length) % tabs.length;
    selectTab(next);
    tabs[next].focus();
  });
});
