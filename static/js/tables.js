// Tables: only those that scroll take the focus, and each says which one it is.
function isCut(table) {
  return table.scrollWidth > table.clientWidth + 1;
}

function tell({ target }) {
  const table = target.closest(".table");
  if (isCut(table)) {
    table.tabIndex = 0;
    table.setAttribute("role", "region");
  } else {
    table.removeAttribute("tabindex");
    table.removeAttribute("role");
  }
}

const resized = new ResizeObserver((entries) => entries.forEach(tell));
// What is in it is wider, too, when a font has come.
for (const each of document.querySelectorAll(".table[aria-label], .table[aria-label] > table")) resized.observe(each);
