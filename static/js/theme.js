// Runs before the first paint, so that what a reader chose never flashes: the theme (theme-switch.js), wrapped code (code.js).
(() => {
  const root = document.documentElement;
  root.dataset.scripted = "";
  function recall() {
    try {
      const theme = localStorage.getItem("theme");
      if (theme === "light" || theme === "dark") root.dataset.theme = theme;
      else delete root.dataset.theme;
      root.toggleAttribute("data-wrap", localStorage.getItem("wrap") !== null);
    } catch {
      // A browser that forbids storage follows the system.
    }
  }

  // What was chosen elsewhere meanwhile: in another window, or before this page was gone back to.
  recall();
  addEventListener("storage", recall);
  addEventListener("pageshow", ({ persisted }) => persisted && recall());

  // What asks the system for its theme (a picture's source, the colour of the browser's frame) is told the chosen one.
  function tellMedia() {
    for (const scheme of ["light", "dark"]) {
      const asked = `(prefers-color-scheme: ${scheme})`;
      const { theme } = root.dataset;
      for (const each of document.querySelectorAll(`[media="${asked}"], [data-scheme="${scheme}"]`)) {
        each.dataset.scheme = scheme;
        each.setAttribute("media", !theme ? asked : theme === scheme ? "screen" : "not all");
      }
    }
  }

  const watch = new MutationObserver(tellMedia);
  watch.observe(root, { attributeFilter: ["data-theme"], childList: "theme" in root.dataset, subtree: true });
  addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    watch.observe(root, { attributeFilter: ["data-theme"] });
  });
})();
