// Code blocks: buttons that copy and wrap, and a name for those that scroll.
const root = document.documentElement;
const told = document.createElement("p");
told.className = "visually-hidden";
told.setAttribute("role", "status");
document.body.append(told);

function text(block) {
  const code = block.querySelector("code").cloneNode(true);
  for (const prompt of code.querySelectorAll(".gp, .annotation")) prompt.remove();
  return code.textContent.replace(/\n$/, "");
}

async function copied(block) {
  try {
    await navigator.clipboard.writeText(text(block));
    return true;
  } catch {
    getSelection().selectAllChildren(block.querySelector("code"));
    return false;
  }
}

async function copy(button) {
  const done = await copied(button.closest(".code"));
  button.textContent = done ? say("Copied", {}, button) : say("Selected", {}, button);
  told.textContent = done ? say("Code copied.") : say("The code is selected; copy it with your keyboard.");
  setTimeout(() => {
    button.textContent = say("Copy", {}, button);
    told.textContent = "";
  }, 2000);
}

// The choice is of all blocks and stays on the device; theme.js reads it before the first paint.
function wrap() {
  const wraps = root.toggleAttribute("data-wrap");
  try {
    if (wraps) localStorage.setItem("wrap", "");
    else localStorage.removeItem("wrap");
  } catch {
    // Without storage the choice lasts for this page.
  }
  press();
}

function press() {
  for (const { wrapper } of blocks.values()) wrapper.ariaPressed = "wrap" in root.dataset;
}

for (const event of ["storage", "pageshow"]) addEventListener(event, press);

const blocks = new Map([...document.querySelectorAll("figure.code")].map((block) => {
  const caption = block.querySelector("figcaption")?.textContent;
  const name = numbered(caption ?? say("Code, {language}", { language: block.dataset.language || say("text", {}, block) }, block));
  const box = tools(
    [say("Wrap", {}, block), say("Wrap long lines: {name}", { name }, block), wrap],
    [say("Copy", {}, block), say("Copy code: {name}", { name }, block), copy],
  );
  const wrapper = box.firstChild;
  wrapper.ariaPressed = "wrap" in root.dataset;
  wrapper.hidden = true;
  block.querySelector(".highlight").before(box);
  return [block, { name, wrapper }];
}));

function isWrapped(code) {
  const lines = code.textContent.split("\n").length - 1;
  return "wrap" in root.dataset && code.clientHeight > (lines + 0.5) * parseFloat(getComputedStyle(code).lineHeight);
}

function tell(block, isCut, isLong) {
  const { name, wrapper } = blocks.get(block);
  const pre = block.querySelector("pre");
  wrapper.hidden = !isLong;
  pre.role = isCut ? "region" : null;
  pre.ariaLabel = isCut ? name : null;
  if (isCut) pre.tabIndex = 0;
  else pre.removeAttribute("tabindex");
}

// All sizes are read before anything is written, so that the page is laid out once.
const resized = new ResizeObserver((entries) => {
  const seen = new Set(entries.map(({ target }) => target.closest(".code")));
  const sizes = [...seen].map((block) => {
    const pre = block.querySelector("pre");
    const isCut = pre.scrollWidth > pre.clientWidth;
    return [block, isCut, isCut || isWrapped(pre.firstElementChild)];
  });
  for (const size of sizes) tell(...size);
});

for (const block of blocks.keys()) {
  // The code has the width of its letters, which is another when their font has come.
  for (const each of block.querySelectorAll("pre, pre > code")) resized.observe(each);
}
