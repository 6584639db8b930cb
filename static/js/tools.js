// What all scripts share, the search's too: `make` gives an element. What those of code and pictures share: `tools` are
// buttons on a block, each of its text, its name and what it does; `numbered` tells blocks of one name apart.
globalThis.make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

globalThis.tools = (...buttons) =>
  make("div", { className: "tools" }, ...buttons.map(([textContent, ariaLabel, act]) => {
    const button = make("button", { type: "button", textContent, ariaLabel });
    button.addEventListener("click", () => act(button));
    return button;
  }));

const counts = {};
globalThis.numbered = (name) => {
  counts[name] = (counts[name] ?? 0) + 1;
  return counts[name] > 1 ? `${name} (${counts[name]})` : name;
};
