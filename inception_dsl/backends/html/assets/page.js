// Buttons, colours, the divider, the theme; and the start.

const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const on = (id, act) => byId(id).addEventListener("click", act);

on("zoom-in", () => zoomAt(1.25));
on("zoom-out", () => zoomAt(0.8));
on("fit", showWhole);
on("fold-all", () => openTo(0));
on("unfold-all", () => openTo(null));
on("help", () => byId("keys").showModal());

/** One choice for each level of definitions. */
const definitions = parts.filter((part) => part.frame && part.kind === "instance" && !isLayer(part));
const deepest = Math.max(0, ...definitions.map((part) => depthOf(part) + 1));
byId("depth").append(new Option("Depth …", "", true, true));
for (let depth = 0; depth <= deepest; depth++) byId("depth").append(new Option(`Depth ${depth}`, depth));
byId("depth").addEventListener("change", ({ target }) => {
  openTo(Number(target.value));
  target.value = "";
});

/** Whether the page is dark now. */
const isDark = () => getComputedStyle(root).colorScheme === "dark";
on("theme", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  recolour();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => recolour());

/** Mixes two colours `#rrggbb`. */
function mixed(a, b, share) {
  const channel = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  const mix = (at) => Math.round(channel(a, at) * (1 - share) + channel(b, at) * share);
  return `#${[1, 3, 5].map((at) => mix(at).toString(16).padStart(2, "0")).join("")}`;
}

/** Black or white, whichever reads better on a colour. */
function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((n) => (parseInt(colour.slice(n, n + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

/** Colours closed boxes by their share of something, the largest share hottest; or by role. */
function recolour() {
  const fact = byId("colour").value;
  figure.classList.toggle("heat", Boolean(fact));
  const ramp = getComputedStyle(root).getPropertyValue("--ramp").trim().split(/\s+/);
  const closed = [...walk()].filter((part) => !part.open);
  const amount = (part) => (part[fact] || 0) * (part.times || 1);
  const most = Math.max(1, ...closed.map(amount));
  for (const part of fact ? closed : parts) {
    if (!part.element || isWiring(part)) continue;
    const share = fact ? amount(part) / most : 0;
    const place = Math.min(Math.floor(share * (ramp.length - 1)), ramp.length - 2);
    const fill = fact && mixed(ramp[place], ramp[place + 1], share * (ramp.length - 1) - place);
    part.element.style.setProperty("--heat", fill || "");
    part.element.style.setProperty("--heat-ink", fill ? inkOn(fill) : "");
  }
  legend(fact, closed, most, amount);
}

/** Explains the colours that are on the page. */
function legend(fact, closed, most, amount) {
  const list = byId("legend");
  list.replaceChildren();
  if (fact) {
    const whole = closed.reduce((sum, part) => sum + amount(part), 0) || 1;
    const item = make("li", "ramp");
    const share = `${(100 * most / whole).toPrecision(2)} %`;
    const words = `${share} of all ${byId("colour").selectedOptions[0].text}, the most that one box has`;
    item.append(make("span", "", "0"), make("i"), make("span", "", words));
    list.append(item);
    return;
  }
  const drawn = [...walk()];
  const shown = new Set(drawn.map(({ role }) => data.likeRole[role] || role));
  const said = new Set(drawn.flatMap(({ role, operation }) => [role, operation]));
  for (const [role, words] of Object.entries(data.legend)) {
    if (!shown.has(role)) continue;
    const word = words.filter((each) => words.length === 1 || said.has(each)).join(", ");
    const item = make("li");
    item.append(make("i", `part role-${role}`), make("span", "", word));
    list.append(item);
  }
}

byId("colour").addEventListener("change", recolour);

/** The divider: dragged, or moved with the arrow keys. */
const divider = byId("divider");
function divide(width) {
  const most = innerWidth - 200;
  const kept = Math.min(Math.max(width, 0), most);
  root.style.setProperty("--side", `${kept}px`);
  divider.setAttribute("aria-valuenow", Math.round(100 * kept / innerWidth));
}
divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
divider.addEventListener("pointermove", (event) => {
  if (divider.hasPointerCapture(event.pointerId)) divide(innerWidth - event.clientX);
});
divider.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: 40, ArrowRight: -40 }[event.key];
  if (!step) return;
  divide(byId("side").offsetWidth + step);
  event.preventDefault();
});

afterRender.push(recolour);
byId("colour").value = { memory: "bytes" }[data.heat] || data.heat;
start();
showStart();
if (data.start[1] > 1) showLine(...data.start);
divider.setAttribute("aria-valuenow", Math.round(100 * byId("side").offsetWidth / innerWidth));
