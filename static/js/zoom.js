// Pictures and diagrams that are shown smaller than they are, or cut, open in their own size.
function isSmaller(figure) {
  const shown = figure.querySelector("img, svg"), box = figure.querySelector(".diagram-box");
  if (box && box.scrollWidth > box.clientWidth + 1) return true;
  return Number(shown?.getAttribute("width")) > 1.1 * shown?.getBoundingClientRect().width;
}

function enlarge(figure) {
  const whole = (figure.querySelector("picture") ?? figure.querySelector("img, svg")).cloneNode(true);
  for (const each of [whole, ...whole.querySelectorAll("[sizes]")]) if (each.hasAttribute("sizes")) each.setAttribute("sizes", "9999px");
  const sheet = document.createElement("dialog");
  const close = document.createElement("button");
  sheet.className = figure.matches(".diagram") ? "zoom diagram" : "zoom";
  sheet.setAttribute("aria-label", figure.querySelector("figcaption")?.textContent ?? say("In its own size", {}, figure));
  close.type = "button";
  close.textContent = say("Close", {}, figure);
  sheet.append(close, whole);
  sheet.addEventListener("click", ({ target }) => (target === sheet || target === close) && sheet.close());
  sheet.addEventListener("close", () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
}

// Drawings of one name are told apart by numbers.
const counts = {};
function nameOf(figure) {
  const kind = figure.querySelector("figcaption")?.textContent || (figure.matches(".diagram") ? say("diagram", {}, figure) : say("picture", {}, figure));
  counts[kind] = (counts[kind] ?? 0) + 1;
  return counts[kind] > 1 ? `${kind} (${counts[kind]})` : kind;
}

const tools = new Map([...document.querySelectorAll(".prose :is(.image, .diagram)")].map((figure) => {
  const box = document.createElement("div");
  const button = document.createElement("button");
  box.className = "tools";
  box.hidden = true;
  button.type = "button";
  button.textContent = say("Enlarge", {}, figure);
  button.setAttribute("aria-label", say("Enlarge: {name}", { name: nameOf(figure) }, figure));
  button.addEventListener("click", () => enlarge(figure));
  box.append(button);
  figure.prepend(box);
  return [figure, box];
}));

const resized = new ResizeObserver((entries) => {
  const found = entries.map(({ target }) => [tools.get(target), !isSmaller(target)]);
  for (const [box, isWhole] of found) box.hidden = isWhole;
});
for (const figure of tools.keys()) resized.observe(figure);
