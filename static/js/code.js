// Code blocks: a copy button for each, and a name for those that scroll.
const told = document.createElement("p");
told.className = "visually-hidden";
told.setAttribute("role", "status");
document.body.append(told);

function text(block) {
  const code = block.querySelector("code").cloneNode(true);
  for (const prompt of code.querySelectorAll(".gp")) prompt.remove();
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

function addButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy code");
  button.addEventListener("click", async () => {
    const done = await copied(block);
    button.textContent = done ? "Copied" : "Selected";
    told.textContent = done ? "Code copied." : "The code is selected; copy it with your keyboard.";
    setTimeout(() => {
      button.textContent = "Copy";
      told.textContent = "";
    }, 2000);
  });
  block.querySelector(".highlight").before(button);
}

function nameIfScrolling(pre) {
  const block = pre.closest(".code");
  const scrolls = pre.scrollWidth > pre.clientWidth;
  pre.toggleAttribute("tabindex", false);
  for (const attribute of ["role", "aria-label"]) pre.removeAttribute(attribute);
  if (!scrolls) return;
  pre.tabIndex = 0;
  pre.setAttribute("role", "region");
  pre.setAttribute("aria-label", block.querySelector("figcaption")?.textContent ?? `Code, ${block.dataset.language || "text"}`);
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) nameIfScrolling(target.closest("pre"));
});

for (const block of document.querySelectorAll("figure.code")) {
  addButton(block);
  // The code has the width of its letters, which is another when their font has come.
  for (const each of block.querySelectorAll("pre, pre > code")) resized.observe(each);
}
