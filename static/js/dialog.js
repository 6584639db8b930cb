// The search as readers meet it, in a dialog and on its page: a field, a sentence, and a list of results.
import { MOST_RESULTS, ROOT, answer, load } from "./ranking.js";
import { PIECE, meanings, snippet } from "./snippet.js";

// Milliseconds: how long a reader rests before texts are loaded for snippets, and until an index in the making is asked for.
const REST = 150, ASK_AGAIN = 2000;

const root = document.querySelector(".search");
const [input, status, list, rest] = root.children;
let active = 0, resting, asking;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

function part(name, text, hits) {
  if (!text) return "";
  const pieces = text.split(PIECE), meant = meanings(pieces, hits);
  const marked = pieces.map((piece, n) => (meant[n] ? make("mark", {}, piece) : piece));
  return make("span", { class: `search-${name}` }, ...marked);
}

function option([slug, title, facts, excerpt], hits, place) {
  const link = make("a", { class: "search-result", role: "option", id: `search-${place}`, tabindex: -1 });
  const show = ({ heading, text = excerpt, hash = "" }) => {
    link.href = `${ROOT}posts/${encodeURIComponent(slug)}/${hash}`;
    const parts = Object.entries({ title, section: heading, text, facts });
    link.replaceChildren(...parts.map(([name, text]) => part(name, text, hits)));
  };
  show({});
  link.complete = () => hits.size && load(`text-${slug}`).then((sections) => show(snippet(sections, hits)), () => {});
  return link;
}

// Snippets are shown in the chosen result and the next one.
function select(place) {
  const options = [...list.children];
  active = (place + options.length) % options.length || 0;
  options.forEach((each, n) => each.setAttribute("aria-selected", n === active));
  input.setAttribute("aria-activedescendant", options[active]?.id ?? "");
  options[active]?.scrollIntoView({ block: "nearest" });
  clearTimeout(resting);
  resting = setTimeout(() => options.slice(active, active + 2).forEach((each) => each.complete()), REST);
}

function show(sentence, options, links) {
  status.textContent = sentence;
  list.replaceChildren(...options);
  rest.replaceChildren(...links.map(([href, text]) => make("a", { href }, text)));
  input.setAttribute("aria-expanded", options.length > 0);
  select(0);
}

function sentenceOf({ posts: { length }, isAsked, whole }) {
  if (!isAsked) return say("The newest articles");
  if (!length) return say("Nothing found for “{query}”. Try fewer or other words, or a tag:", { query: input.value.trim().slice(0, 60) });
  if (length > whole) {
    const values = { count: whole, some: length - whole };
    if (!whole) return say("No article with all of these words, {some} with some", values);
    return say("{count} articles with all of these words, {some} with some", values, root, "{count} article with all of these words, {some} with some");
  }
  if (length < MOST_RESULTS) return say("{count} results", { count: length }, root, "{count} result");
  return say("The best {count} results", { count: MOST_RESULTS });
}

export async function update() {
  const typed = input.value;
  const result = await answer(typed).catch(({ message }) => ({ message }));
  if (typed !== input.value) return;
  clearTimeout(asking);
  if (result.posts) {
    show(sentenceOf(result), result.posts.map((post, place) => option(post, result.hits, place)), result.tags);
  } else if (result.message === "503") {
    show(say("The index of the search is being made. One moment …"), [], []);
    asking = setTimeout(update, ASK_AGAIN);
  } else {
    show(say("The search could not be loaded. Type again, or look here:"), [], [[`${ROOT}archive/`, say("All articles by year")]]);
  }
}

input.addEventListener("input", update);
input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
  if (step == null || event.isComposing) return;
  event.preventDefault();
  if (step) select(active + step);
  else list.children[active]?.click();
});
root.addEventListener("click", ({ target }) => (target === root || target.closest("a")) && root.close?.());
