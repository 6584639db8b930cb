// The search as readers meet it, in a dialog and on its page: a field, a sentence, and a list of results.
import { MOST_RESULTS, ROOT, answer, load } from "./ranking.js";
import { PIECE, meanings, snippets } from "./snippet.js";

// Milliseconds: how long a reader rests before texts are loaded for snippets, and until an index in the making is asked for.
const REST = 150, ASK_AGAIN = 2000;

const root = document.querySelector(".search");
const [input, status, list, rest] = root.querySelectorAll(".search > :not(.search-filters)");
let active, resting, asking;

const options = () => [...list.querySelectorAll("a")];

function part(name, text, hits) {
  if (!text) return "";
  const pieces = text.split(PIECE), meant = meanings(pieces, hits);
  return make("span", { className: `search-${name}`, dir: "auto" }, ...pieces.map((piece, n) => meant[n] ? make("mark", {}, piece) : piece));
}

const option = (kind, href, parts, hits) =>
  make("a", { className: `search-${kind}`, href, role: "option", tabIndex: -1 },
    ...Object.entries(parts).map(([name, text]) => part(name, text, hits)));

// An article, and behind it a place for the snippets of its sections. What stands before the first is shown with the article.
function result([address, title, facts, excerpt], hits) {
  const start = `${ROOT}${address}/`, within = make("div", { className: "search-within", role: "group", ariaLabel: title });
  const article = option("result", start, { title, facts, text: !hits.size && excerpt }, hits);
  let isComplete = !hits.size;
  const show = ({ hash, section, kind, said }) => {
    isComplete = true;
    if (section) return within.append(option("snippet", start + hash, { section, [kind]: said }, hits));
    article.href = start + hash;
    article.append(part(kind, said, hits));
  };
  article.complete = () =>
    isComplete || load(`text/${address}`).then((sections) => isComplete || snippets(sections, hits).forEach(show), () => {});
  return [article, within];
}

// Snippets are shown of the chosen article and the next one.
function select(chosen) {
  active = chosen;
  options().forEach((each, n) => {
    each.id = `search-${n}`;
    each.ariaSelected = each === active;
  });
  input.setAttribute("aria-activedescendant", active?.id ?? "");
  active?.scrollIntoView({ block: "nearest" });
  clearTimeout(resting);
  const next = options().slice(options().indexOf(active)).filter((each) => each.complete).slice(0, 2);
  resting = setTimeout(() => next.forEach((each) => each.complete()), REST);
}

function show(sentence, results, links) {
  status.textContent = sentence;
  list.replaceChildren(...results.flat());
  rest.replaceChildren(...links.map(([href, text]) => make("a", { href }, text)));
  input.ariaExpanded = results.length > 0;
  select(options()[0]);
}

function sentenceOf({ posts: { length }, whole }) {
  if (whole == null) return say("The newest articles");
  if (!length) return say("Nothing found for “{query}”. Try fewer or other words, or a tag:", { query: input.value.trim().slice(0, 60) });
  if (length > whole) {
    const values = { count: whole, some: length - whole };
    if (!whole) return say("No article with all of these words, {some} with some", values);
    return say("{count} articles with all of these words, {some} with some", values, root, "{count} article with all of these words, {some} with some");
  }
  if (length < MOST_RESULTS) return say("{count} results", { count: length }, root, "{count} result");
  return say("The best {count} results", { count: length });
}

export async function update(event) {
  const typed = input.value;
  const found = await answer(typed).catch(({ message }) => ({ message }));
  if (typed !== input.value) return;
  clearTimeout(asking);
  if (found.posts) {
    const results = found.posts.map((post) => result(post, found.hits));
    // What nobody typed just now comes with its snippets, so that nothing moves.
    if (!event) for (const [article] of results.slice(0, 2)) await article.complete();
    const filters = [`${ROOT}search/?q=${encodeURIComponent(typed)}`, say("Filter by tag or year")];
    if (typed === input.value) show(sentenceOf(found), results, found.tags[0] || !root.close ? found.tags : [filters]);
  } else if (found.message === "503") {
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
  if (step) select(options().at((options().indexOf(active) + step) % options().length));
  else active?.click();
});
root.addEventListener("click", ({ target }) => (target === root || target.closest("a")) && root.close?.());
