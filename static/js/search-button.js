// The search button, and the keys `/` and Ctrl+K (⌘K): the search itself is loaded when it is first asked for.
const button = document.querySelector("[data-search]");
const root = document.querySelector(".search");
const field = root.querySelector(".search-field");
const status = root.querySelector(".search-status");

// The field is there at once: what is typed while the script is on its way is not lost.
async function open() {
  if (root.showModal && !root.open) root.showModal();
  field.focus();
  field.select();
  status.textContent ||= say("Loading …");
  try {
    const { update } = await import(button.dataset.search);
    update();
  } catch {
    status.textContent = say("The search could not be loaded. Check the connection, and load this page again.");
  }
}

// Who dictates, or whose hand slips, turns `/` off (WCAG 2.1.4): that stays on the device.
const choice = root.querySelector("[data-slash]");
let isOn = true;

function recall() {
  try {
    isOn = !localStorage.slash;
  } catch {
    // Without storage the choice lasts for this page.
  }
  if (choice) choice.checked = isOn;
  button.ariaKeyShortcuts = `${isOn ? "/ " : ""}Control+K Meta+K`;
  for (const each of button.querySelectorAll("kbd")) each.hidden = !isOn;
}

choice?.addEventListener("change", () => {
  isOn = choice.checked;
  try {
    localStorage.slash = isOn ? "" : "off";
  } catch {
    // As above.
  }
  recall();
});

for (const event of ["storage", "pageshow"]) addEventListener(event, recall);

function isTyping({ target }) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox]), textarea, select");
}

recall();
button.hidden = false;
button.addEventListener("click", open);
addEventListener("keydown", (event) => {
  const chord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  const slash = isOn && event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
  if (!chord && !slash) return;
  event.preventDefault();
  open();
});
