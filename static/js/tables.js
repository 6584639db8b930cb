// Tables: only those that scroll take the focus, and each says which one it is.
function tell({ target }) {
  const table = target.closest(".table");
  const isCut = table.scrollWidth > table.clientWidth + 1;
  table.role = isCut ? "region" : null;
  if (isCut) table.tabIndex = 0;
  else table.removeAttribute("tabindex");
}

const resized = new ResizeObserver((entries) => entries.forEach(tell));
// What is in it is wider, too, when a font has come.
for (const each of document.querySelectorAll(".table[aria-label], .table[aria-label] > table")) resized.observe(each);
