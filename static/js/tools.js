// What the scripts of code and pictures share: `tools` are buttons on a block, each of its text, its name and what it does;
// `numbered` tells blocks of one name apart.
globalThis.tools = (...buttons) => {
  const box = document.createElement("div");
  box.className = "tools";
  for (const [textContent, ariaLabel, act] of buttons) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent, ariaLabel });
    button.addEventListener("click", () => act(button));
    box.append(button);
  }
  return box;
};

const counts = {};
globalThis.numbered = (name) => {
  counts[name] = (counts[name] ?? 0) + 1;
  return counts[name] > 1 ? `${name} (${counts[name]})` : name;
};
