// Footnotes and notes on code in place: a reference that is pointed at, focused or touched shows its note beside it.
const canHover = matchMedia("(hover: hover)").matches;
let shown, closing, dismissed;

function noteOf(reference) {
  const note = document.getElementById(decodeURIComponent(reference.hash.slice(1)))?.cloneNode(true);
  for (const each of note?.querySelectorAll(".footnote-backref, [id]") ?? []) {
    if (each.matches(".footnote-backref")) each.remove();
    else each.removeAttribute("id");
  }
  return note;
}

function made(reference) {
  const box = document.createElement("span");
  box.className = "footnote-box";
  box.popover = "manual";
  box.role = "note";
  box.ariaLabel = reference.ariaLabel ?? say("Footnote {number}", { number: reference.textContent }, reference);
  box.append(...noteOf(reference).childNodes);
  box.addEventListener("pointerenter", () => clearTimeout(closing));
  box.addEventListener("pointerleave", hideSoon);
  (reference.closest("figure") ?? reference.parentElement).after(box);
  return box;
}

function place(box, reference) {
  const at = reference.getBoundingClientRect();
  const left = Math.min(Math.max(16, at.left - 32), document.documentElement.clientWidth - box.offsetWidth - 16);
  const below = at.bottom + 8;
  const above = at.top - 8 - box.offsetHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below + box.offsetHeight > innerHeight && above > 0 ? above : below}px`;
}

function show(reference) {
  clearTimeout(closing);
  if (shown?.reference === reference || dismissed === reference) return;
  hide();
  if (!noteOf(reference)) return;
  shown = { reference, box: made(reference) };
  shown.box.showPopover();
  place(shown.box, reference);
}

function hide() {
  clearTimeout(closing);
  const box = shown?.box;
  shown = undefined;
  box?.remove();
}

function hideSoon() {
  clearTimeout(closing);
  closing = setTimeout(hide, 200);
}

function dismiss() {
  if (!shown) return;
  const { box, reference } = shown;
  dismissed = reference;
  if (box.contains(document.activeElement)) reference.focus();
  hide();
}

function leave({ relatedTarget }) {
  if (!shown?.box.contains(relatedTarget) && relatedTarget !== shown?.reference) hide();
}

for (const reference of document.querySelectorAll(".footnote-ref, .annotation")) {
  reference.addEventListener("focus", () => reference.matches(":focus-visible") && show(reference));
  reference.addEventListener("blur", (event) => {
    dismissed = undefined;
    leave(event);
  });
  reference.addEventListener("click", (event) => {
    if (canHover || shown?.reference === reference) return hide();
    event.preventDefault();
    show(reference);
  });
  if (!canHover) continue;
  reference.addEventListener("pointerenter", () => show(reference));
  reference.addEventListener("pointerleave", () => {
    dismissed = undefined;
    hideSoon();
  });
}

document.addEventListener("keydown", ({ key }) => key === "Escape" && dismiss());
document.addEventListener("scroll", () => shown && place(shown.box, shown.reference), { passive: true });
document.addEventListener("focusout", (event) => shown?.box.contains(event.target) && leave(event));
document.addEventListener("pointerdown", ({ target }) => {
  if (shown && !shown.box.contains(target) && target !== shown.reference) hide();
});
