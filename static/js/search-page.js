// The page of the search: what is typed stands in its address, so that it can be shared and come back to. What is chosen
// for a filter is written into the field, as a reader could type it: `tag:go`, `year:2026`.
const root = document.querySelector(".search");
const field = root.querySelector(".search-field");
const filters = root.querySelectorAll(".search-filters select");

const written = ({ name }) => RegExp(`(?<!\\S)${name}:(\\S*)\\s*`);

function filter({ target: { name, value } }) {
  const rest = field.value.replace(written({ name }), "");
  field.value = value ? `${name}:${value} ${rest}` : rest;
  field.dispatchEvent(new Event("input"));
}

function showFilters() {
  for (const select of filters) select.value = field.value.match(written(select))?.[1].toLowerCase() ?? "";
}

root.hidden = false;
field.value = new URLSearchParams(location.search).get("q") ?? "";
showFilters();
field.addEventListener("input", showFilters);
field.addEventListener("input", () => history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`));
for (const select of filters) select.addEventListener("change", filter);
document.querySelector("[data-search]").click();
