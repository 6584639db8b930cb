// The page of the search: what is typed stands in its address, so that it can be shared and come back to.
const root = document.querySelector(".search");
const field = root.querySelector(".search-field");

root.hidden = false;
field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("input", () => history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`));
document.querySelector("[data-search]").click();
