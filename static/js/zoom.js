// Pictures and diagrams that are shown smaller than they are, or cut, open in a sheet: as wide as that, or in their own size.
const pictureIn = (shown) => shown.querySelector("img") ?? shown;

function isSmaller(shown) {
  const picture = pictureIn(shown), { scrollWidth, clientWidth } = shown.parentElement;
  const width = picture.getAttribute("width") ?? picture.naturalWidth;
  return scrollWidth > clientWidth + 1 || width > 1.1 * picture.getBoundingClientRect().width;
}

function enlarge(shown, name) {
  const whole = shown.cloneNode(true), sheet = document.createElement("dialog");
  const box = tools(
    [say("Close", {}, shown), null, () => sheet.close()],
    [say("In its own size", {}, shown), null, (button) => (button.ariaPressed = button.ariaPressed !== "true")],
  );
  sheet.className = shown.closest(".diagram") ? "zoom diagram" : "zoom";
  sheet.ariaLabel = name;
  sheet.append(box, whole);
  for (const each of sheet.querySelectorAll("[sizes]")) each.sizes = "9999px";
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  sheet.addEventListener("close", () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
  box.lastChild.hidden = !isSmaller(whole);
}

const openers = [...document.querySelectorAll(".prose :is(figure, p, td, div) > :is(img, picture, svg)")].map((shown) => {
  const diagram = shown.closest(".diagram"), caption = shown.closest("figure")?.querySelector("figcaption")?.textContent;
  const name = numbered(caption || pictureIn(shown).alt || (diagram ? say("diagram", {}, shown) : say("picture", {}, shown)));
  const box = tools([say("Enlarge", {}, shown), say("Enlarge: {name}", { name }, shown), () => enlarge(shown, name)]);
  box.lastChild.hidden = true;
  (shown.closest(".diagram-box") ?? shown).before(box);
  return [shown, box.lastChild];
});

const resized = new ResizeObserver(() => {
  const found = openers.map(([shown, opener]) => [opener, !isSmaller(shown)]);
  for (const [opener, isWhole] of found) opener.hidden = isWhole;
});
for (const [shown] of openers) resized.observe(shown.parentElement);
