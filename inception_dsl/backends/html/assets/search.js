// Search by name, path and operation; what is found is opened and gets the focus.

const search = document.getElementById("search");
const foundShown = document.getElementById("found");
let results = [];
let result = -1;

/** All words by which a part is found. */
const wordsOf = (part) =>
  [part.name, part.call, part.path, part.operation, part.what, ...(part.copies || [])].join(" ").toLowerCase();

/** Finds the parts that have every word asked for. */
function find(text) {
  const words = text.toLowerCase().replaceAll("×", "x").split(/\s+/).filter(Boolean);
  results = words.length === 0 ? [] : parts.filter((part) => !isWiring(part)
    && words.every((word) => wordsOf(part).replaceAll("×", "x").includes(word)));
  result = -1;
  for (const part of parts) part.element?.classList.remove("found");
  for (const part of results) shownBy(part)?.element?.classList.add("found");
  foundShown.textContent = words.length ? `${results.length} found` : "";
}

/** Goes to the next or previous part found. */
function goOn(step, takeFocus) {
  if (!results.length) return announce("nothing found");
  result = (result + step + results.length) % results.length;
  const part = results[result];
  reveal(part);
  for (const each of results) shownBy(each)?.element?.classList.add("found");
  foundShown.textContent = `${result + 1} of ${results.length}`;
  announce(`${titleOf(part)}, ${result + 1} of ${results.length}`);
  if (takeFocus) focusPart(part);
  else bringIntoView(part);
}

search.addEventListener("input", () => {
  find(search.value);
  announce(foundShown.textContent);
});
search.form.addEventListener("submit", (event) => {
  event.preventDefault();
  goOn(1, true);
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, dialog *")) return;
  if (event.key === "/") search.select();
  else if (event.key === "n" && results.length) goOn(1, true);
  else if (event.key === "N" && results.length) goOn(-1, true);
  else if (event.key === "?") document.getElementById("keys").showModal();
  else return;
  event.preventDefault();
});
