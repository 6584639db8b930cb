// The search, in a dialog and on its page. trigpoint/search/query.py does the same, and says where the ranking comes from.
const UNSPACED = /[\u0e00-\u109f\u1780-\u17ff\u3040-\u9fff\u{20000}-\u{3ffff}]+/gu;
const PIECE = RegExp(`(${UNSPACED.source.slice(0, -1)}\\p{M}*|[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*)`, "u");
const PART = /(-(?=[\p{L}\p{N}"]))?(?:tag:(\S+)|"([^"]*)"|(\S+))/gu;

const OTHER = /[^\0-\x7f]/gu;

// The front page: the site may stand below a path.
const ROOT = new URL("../..", import.meta.url).pathname;
const files = {};

function read(file) {
  if (file.status === 503) throw Error("503"); // The server is making it: a frozen site never is.
  return file.json();
}

function load(name) {
  const json = (files[name] ??= fetch(`${ROOT}search/${encodeURIComponent(name)}.json`).then(read));
  json.catch(() => delete files[name]);
  return json;
}

// Letters that Unicode does not decompose, with how they are typed: the same text is in trigpoint/search/tokens.py.
const PLAIN = "æaeœoeøoþthßssðdđdɗdħhıiłlŋnŧtɓbɛeəeɔoƙkƴyɖdɨiɲnyɠgɣghʋvƶz";

const fold = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ")
    .replace(OTHER, (each) => PLAIN.split(each)[1]?.split(OTHER)[0] || each);

const inPairs = (run) => ` ${run.replace(/.(?=(.))/gu, "$&$1 ").replace(/ .$/u, "")} `;

export const words = (text) =>
  (fold(text).match(/[\p{L}\p{N}]+/gu) ?? [])
    .flatMap((word) => word.replace(UNSPACED, inPairs).trim().split(/ +/))
    .filter((word) => !/.{31}/u.test(word));

function parse(text) {
  const terms = [], phrases = [], unwanted = [], tags = [];
  for (const [, minus, tag, phrase, word] of text.matchAll(PART)) {
    const found = tag ? [`_${fold(tag)}`] : words(phrase ?? word);
    (minus ? unwanted : tag ? tags : terms).push(...found.map((each) => ({ word: each })));
    if (!minus && phrase && found.length > 1) phrases.push(` ${found.join(" ")} `);
  }
  for (const each of terms) each.begins = [...each.word].length > 3 || (each === terms.at(-1) && /[^\s"]$/u.test(text));
  return { terms: terms.slice(0, 10), phrases, unwanted, tags };
}

export function distance(typed, word) {
  let before = [], row = [...typed.keys(), typed.length], beginning = typed.length;
  for (let at = 1; at <= word.length; at++) {
    const last = before;
    [before, row] = [row, [at]];
    for (let n = 1; n <= typed.length; n++) {
      const swapped = typed[n - 1] === word[at - 2] && typed[n - 2] === word[at - 1] ? last[n - 2] + 1 : 99;
      row.push(Math.min(before[n] + 1, row[n - 1] + 1, before[n - 1] + (typed[n - 1] !== word[at - 1]), swapped));
    }
    beginning = Math.min(beginning, row.at(-1));
  }
  return [row.at(-1), beginning];
}

function nearest(typed, candidates, most) {
  const distances = candidates.map(([word]) => distance(typed, [...word]));
  for (const kind of [0, 1]) {
    const least = Math.min(...distances.map((each) => each[kind]));
    if (least <= most) return candidates.filter((_, n) => distances[n][kind] === least).map((each) => [0.5, ...each]);
  }
  return [];
}

// Where a word is looked up: by its letters where they are of ASCII, else by a hash of the first two (trigpoint/search/tokens.py).
export function path(word) {
  const [first, second = "\0"] = word, spelt = word.replace(OTHER, (each) => each.codePointAt().toString(16).at(-1));
  if (spelt.startsWith(word.slice(0, 2))) return spelt;
  return `~${spelt.slice(0, 2)}${(first.codePointAt() * second.codePointAt()).toString(2)}${spelt.slice(2)}`;
}

// The words of a shard, and of those below it that a path leads to or begins.
async function shelf(name, path) {
  const { words, split } = await load(`words-${name}`);
  const below = split.filter((each) => path.startsWith(each) || each.startsWith(path));
  return Object.entries(words).concat(...(await Promise.all(below.map((each) => shelf(each, path)))));
}

async function meant({ word, begins }, shards) {
  const letters = [...word], isShort = letters.length < 4, own = path(word);
  const below = (path) => {
    const [name] = path.match(/~?../);
    return shards[name.slice(0, -1)]?.includes(name.at(-1)) ? shelf(name.trim(), path) : [];
  };
  // Mistakes are looked for where the word would be, then among more and more words around it.
  for (const length of [99, 4, 3, 2]) {
    const there = await below(isShort ? `${own} ` : path(letters.slice(0, length).join("")));
    if (length < 3) there.push(...(await below(path(letters[1] + letters[0]))));
    const found = there.filter(([each]) => each === word || (begins && each.startsWith(word)));
    if (found.length || isShort) return found.map(([each, list]) => [each === word ? 1 : 0.6, each, list]);
    const near = nearest(letters, there, length < 3 && letters.length > 7 ? 2 : 1);
    if (near.length) return near;
  }
  // Last among the words with another second letter: it may be a wrong one, or missing.
  const [start] = own.match(/~?./), rests = start[1] ? [""] : [own.slice(2), own.slice(1)];
  const around = [...(shards[start] ?? [])].flatMap((other) => rests.map((rest) => below(start + other + rest)));
  return nearest(letters, (await Promise.all(around)).flat(), 1);
}

async function scored(term, shards, count, hits) {
  const best = new Map();
  for (const [factor, word, list] of await meant(term, shards)) {
    hits?.set(word, term.word);
    for (let at = 0, number = 0; at < list.length; at += 2) {
      number += list[at];
      best.set(number, Math.max(factor / (1 + 2.4 / 2 ** (list[at + 1] / 3)), best.get(number) ?? 0));
    }
  }
  const rare = Math.log((count + 1) / (best.size + 0.5));
  return (number) => (best.get(number) ?? 0) * rare;
}

const textOf = async ([slug, title]) => ` ${words(`${[title, await load(`text-${slug}`)]}`).join(" ")} `;

// Posts, best first; and the words that they were found by, each with what was typed for it.
export async function answer(text) {
  const { first, posts: newest, shards, tags: offered } = await load("docs");
  const count = first + newest.length, hits = new Map(), found = [];
  const post = async ({ number }) => newest[number - first] ?? (await load(`posts-${(number / 100) | 0}`))[number % 100];
  // A blog of up to a thousand posts is loaded whole, behind the reader's back: no query has to wait for a volume.
  for (let volume = first / 100; volume > 0 && volume > first / 100 - 9;) load(`posts-${--volume}`);
  const { terms, phrases, unwanted, tags } = parse(text.slice(0, 1000));
  const all = (terms, hits) => Promise.all(terms.map((term) => scored(term, shards, count, hits)));
  const scores = await all(terms, hits), without = await all(unwanted), within = await all(tags);
  for (let number = count - 1; number >= 0; number--) {
    const has = (score) => score(number);
    const worth = scores.map(has).reduce((sum, each) => sum + each, 0);
    if (within.every(has) && !without.some(has)) found.push({ number, worth, isWhole: scores.every(has) });
  }
  const isAsked = terms.length + unwanted.length + tags.length;
  const whole = found.filter((each) => each.isWhole).length;
  const ranked = found.filter((each) => each.isWhole || (whole < 3 && each.worth)).sort((a, b) => b.isWhole - a.isWhole || b.worth - a.worth);
  let posts = await Promise.all(ranked.slice(0, isAsked ? 20 : 5).map(post));
  if (phrases.length) {
    const texts = await Promise.all(posts.map(textOf));
    posts = posts.filter((_, n) => phrases.every((phrase) => texts[n].includes(phrase)));
  }
  return { posts, hits, isAsked, whole, tags: isAsked && posts.length ? [] : offered };
}

const meanings = (pieces, hits) =>
  pieces.map(fold).map((piece) => hits.get(piece) ?? (piece.match(UNSPACED) && [...hits.keys()].find((hit) => hit.includes(piece))));

// The best place of an article, in pieces: words, and what is between them. Where none of the words is, its beginning.
export function passage(sections, hits) {
  let best = {}, most = -1;
  for (const [id, heading, text] of sections) {
    const named = meanings(heading.split(PIECE), hits).filter(Boolean);
    const pieces = text.split(PIECE), meant = meanings(pieces, hits);
    for (const at of [...pieces.keys(), 0].slice(1)) {
      if (at && !meant[at]) continue;
      const worth = new Set([...meant.slice(at, at + 40).filter(Boolean), ...named]).size + new Set(named).size / 2;
      if (worth <= most) continue;
      most = worth;
      const cut = (from, to) => pieces.slice(Math.max(0, from), to).join("");
      const quoted = (from, to) => encodeURIComponent(cut(from, to).trim()).replaceAll("-", "%2D");
      const fragment = at > 1 ? `:~:text=${quoted(at - 4, at)}-,${quoted(at, at + 1)}` : "";
      best = {
        heading,
        hash: id + fragment && `#${encodeURIComponent(id)}${fragment}`,
        text: `${at > 10 ? "… " : ""}${cut(at - 10, at + 45)}${pieces[at + 45] ? " …" : ""}`,
      };
    }
  }
  return best;
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const each in attributes) element.setAttribute(each, attributes[each]);
  element.append(...children);
  return element;
}

function part(name, text, hits) {
  if (!text) return "";
  const pieces = text.split(PIECE), meant = meanings(pieces, hits);
  return make("span", { class: `search-${name}` }, ...pieces.map((piece, n) => (meant[n] ? make("mark", {}, piece) : piece)));
}

function option([slug, title, facts, excerpt], hits, place) {
  const link = make("a", { class: "search-result", role: "option", id: `search-${place}`, tabindex: -1 });
  const show = ({ heading, text = excerpt, hash = "" }) => {
    link.href = `${ROOT}posts/${encodeURIComponent(slug)}/${hash}`;
    link.replaceChildren(part("title", title, hits), part("section", heading, hits), part("text", text, hits), part("facts", facts, hits));
  };
  show({});
  link.complete = () => hits.size && load(`text-${slug}`).then((sections) => show(passage(sections, hits)), () => {});
  return link;
}

const root = document.querySelector(".search");
const [input, status, list, rest] = root.children;
let active = 0, timer, again;

function select(place) {
  const options = [...list.children];
  active = (place + options.length) % options.length || 0;
  options.forEach((each, n) => each.setAttribute("aria-selected", n === active));
  input.setAttribute("aria-activedescendant", options[active]?.id ?? "");
  options[active]?.scrollIntoView({ block: "nearest" });
  clearTimeout(timer);
  timer = setTimeout(() => options.slice(active, active + 2).forEach((each) => each.complete()), 150);
}

function show(sentence, options, links) {
  status.textContent = sentence;
  list.replaceChildren(...options);
  rest.replaceChildren(...links.map(([href, text]) => make("a", { href }, text)));
  input.setAttribute("aria-expanded", options.length > 0);
  select(0);
}

function said({ posts: { length }, isAsked, whole }) {
  if (!isAsked) return "The newest articles";
  if (!length) return `Nothing found for “${input.value.trim().slice(0, 60)}”. Try fewer or other words, or a tag:`;
  if (length > whole) return `${whole || "No"} article${whole > 1 ? "s" : ""} with all of these words, ${length - whole} with some`;
  return `${length < 20 ? length : "The best 20"} result${length > 1 ? "s" : ""}`;
}

export async function update() {
  const typed = input.value;
  const found = await answer(typed).catch(({ message }) => ({ message }));
  if (typed !== input.value) return;
  clearTimeout(again);
  if (found.posts) show(said(found), found.posts.map((post, place) => option(post, found.hits, place)), found.tags);
  else if (found.message === "503") {
    show("The index of the search is being made. One moment …", [], []);
    again = setTimeout(update, 2000);
  } else show("The search could not be loaded. Type again, or look here:", [], [[`${ROOT}archive/`, "All articles by year"]]);
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
