// The details of a part: of the one under the pointer, else of the one in focus.

const card = document.getElementById("card");
const overview = [...card.childNodes];
let kept = null; // the part that was shown last by focus

const count = (number) => number.toLocaleString("en");

/** A count in three figures. */
function short(number, unit) {
  for (const [name, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]]) {
    if (number >= size) return `${(number / size).toPrecision(3)} ${name}${unit}`;
  }
  return `${number} ${unit}`;
}

/** The facts of a part, as pairs of a word and its value. */
function factsOf(part) {
  const definition = data.definitions[part.definition];
  const several = part.times ? "of one" : "";
  return [
    ["path", part.path],
    ["is", part.what],
    ["in", part.within],
    ["stands for", part.copies?.join(", ") || (part.times ? `${part.times} equal ones` : "")],
    ["defined as", definition && `${definition.role} ${definition.name}`],
    ["auxiliary", part.weight && `training only, loss weighted by ${part.weight}`],
    ["input", part.in],
    ["output", part.out],
    ["parameters", part.params && `${count(part.params)} ${several}`],
    ["running statistics", part.buffers && `${count(part.buffers)} ${several}`],
    ["multiply-adds", part.macs && `${count(part.macs)} ${several}`],
    ["feature maps", part.bytes && `${short(part.bytes, "B")} in float32 ${several}`],
    ["receptive field", part.sees && [part.sees, part.strides].filter(Boolean).join(", every ")],
  ].filter(([, value]) => value);
}

/** The places of a part in the spec, as buttons that go there. */
function placesIn(part) {
  const places = (part.at || []).slice(0, 4).map((at) => [at, ""]);
  const definition = data.definitions[part.definition]?.at;
  if (definition) places.push([definition, "defined at "]);
  return places.map(([[file, first], before]) => {
    const button = make("button", "", `${before}${tabs[file].textContent}:${first}`);
    button.addEventListener("click", () => {
      showLine(file, first);
      choose(files[file].querySelector(".code"), lineAt(file, first));
    });
    return button;
  });
}

/** Fills the card with a part, or with what is said of the network. */
function fillCard(part) {
  if (!part) return card.replaceChildren(...overview);
  const list = make("dl");
  for (const [word, value] of factsOf(part)) list.append(make("dt", "", word), make("dd", "", value));
  const doc = part.doc || data.definitions[part.definition]?.doc;
  const title = make("h2", "", isSum(part) ? part.path : titleOf(part));
  card.replaceChildren(title, ...(doc ? [make("p", "doc", doc)] : []), list, ...placesIn(part));
}

/** Shows a part in the card, its lines in the spec, and the lines to and from it. */
function show(part, keep) {
  if (keep) kept = part;
  fillCard(part);
  markLines(part, true);
  for (const line of figure.querySelectorAll(".lit")) line.classList.remove("lit");
  if (!part) return;
  const lines = `[data-from="${part.number}"], [data-to="${part.number}"]`;
  for (const line of document.querySelectorAll(`.lines :is(${lines})`)) line.classList.add("lit");
}

let pending = 0;
figure.addEventListener("pointerover", (event) => {
  const part = partAt(event.target);
  clearTimeout(pending);
  if (!pointers.size) pending = setTimeout(() => show(part || kept, false), 60);
  for (const each of figure.querySelectorAll(".under")) each.classList.remove("under");
  part?.element.classList.add("under");
});
figure.addEventListener("pointerleave", () => {
  clearTimeout(pending);
  for (const each of figure.querySelectorAll(".under")) each.classList.remove("under");
  show(kept, false);
});
