// The theme button: system, light, dark, and round again.
const THEMES = ["system", "light", "dark"];
const root = document.documentElement;

function current() {
  return root.dataset.theme ?? "system";
}

function name(button) {
  button.title = { system: say("Theme: system"), light: say("Theme: light"), dark: say("Theme: dark") }[current()];
  button.querySelector("[data-theme-name]").textContent = button.title;
}

function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice lasts for this page.
  }
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  name(button);
  button.hidden = false;
  for (const event of ["storage", "pageshow"]) addEventListener(event, () => name(button));
  button.addEventListener("click", () => {
    choose(THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length]);
    name(button);
  });
}
