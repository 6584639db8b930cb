// Runs before the first paint, so that a remembered theme never flashes; theme-switch.js changes it.
(() => {
  const root = document.documentElement;
  root.dataset.scripted = "";
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // A browser that forbids storage follows the system.
  }
})();
