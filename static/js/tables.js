// Tables: only those that scroll take the focus, and each says which one it is.
function isCut(table) {
  return table.scrollWidth > table.clientWidth + 1;
}

function tell({ target }) {
  if (isCut(target)) {
    target.tabIndex = 0;
    target.setAttribute("role", "region");
  } else {
    target.removeAttribute("tabindex");
    target.removeAttribute("role");
  }
}

const resized = new ResizeObserver((entries) => entries.forEach(tell));
for (const table of document.querySelectorAll(".table[aria-label]")) resized.observe(table);
