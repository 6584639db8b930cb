// Tables: only those that scroll take the focus, and each says which one it is.
function isCut(table) {
  return table.scrollWidth > table.clientWidth + 1;
}

function tell(table) {
  if (isCut(table)) {
    table.tabIndex = 0;
    table.setAttribute("role", "region");
  } else {
    table.removeAttribute("tabindex");
    table.removeAttribute("role");
  }
}

const tables = document.querySelectorAll(".table[aria-label]");
const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => tell(target)));
tables.forEach((table) => resized.observe(table));
document.fonts.addEventListener("loadingdone", () => tables.forEach(tell)); // Its words are wider, it is not.
