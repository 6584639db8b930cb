// The search, in a dialog and on its page. blog/search.py does the same, and says where the ranking comes from.
const RESULTS = 20, LENGTH = 160;
const UNSPACED = "\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const RUN = RegExp(`[${UNSPACED}]+`, "gu");
const PIECE = RegExp(`[${UNSPACED}]|[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*`, "gu");
const PART = /(-(?=[\p{L}\p{N}"]))?(?:tag:(\S+)|"([^"]*)"|(\S+))/gu;

const files = new Map();

function load(name) {
  if (!files.has(name)) {
    files.set(name, fetch(`/search/${encodeURIComponent(name)}.json`).then((file) => file.json()));
    files.get(name).catch(() => files.delete(name));
  }
  return files.get(name);
}

export const fold = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");

const inPairs = (run) => ` ${run.replace(/.(?=(.))/gu, "$&$1 ").replace(/ .$/u, "")} `;

export const words = (text) =>
  (fold(text).match(/[\p{L}\p{N}]+/gu) ?? [])
    .flatMap((word) => word.replace(RUN, inPairs).trim().split(/ +/))
    .filter((word) => !/^(?:\p{Nd}{5,}|.{31,})$/u.test(word));

export function parse(text) {
  const typed = [], phrases = [], unwanted = [], tags = [];
  text = text.slice(0, 1000);
  for (const [, minus, tag, phrase, word] of text.matchAll(PART)) {
    const found = words(phrase ?? word ?? "");
    if (tag) tags.push([fold(tag), !minus]);
    else if (minus) unwanted.push(...found);
    else typed.push(...found);
    if (!minus && phrase && found.length > 1) phrases.push(found.join(" "));
  }
  const open = /[^\s"]$/u.test(text) && typed.at(-1);
  const terms = [...new Set(typed)].slice(0, 10).map((word) => [word, [...word].length > 3 || word === open]);
  return { terms, phrases, unwanted, tags };
}

export function distance(typed, word) {
  let before = [], row = [...typed, ""].map((_, n) => n), beginning = typed.length;
  for (let at = 1; at <= word.length; at++) {
    const last = before;
    [before, row] = [row, [at]];
    for (let n = 1; n <= typed.length; n++) {
      const swapped = at > 1 && n > 1 && typed[n - 1] === word[at - 2] && typed[n - 2] === word[at - 1];
      const other = before[n - 1] + (typed[n - 1] !== word[at - 1]);
      row.push(Math.min(before[n] + 1, row[n - 1] + 1, other, swapped ? last[n - 2] + 1 : other));
    }
    beginning = Math.min(beginning, row.at(-1));
  }
  return [row.at(-1), beginning];
}

function nearest(typed, candidates, most) {
  const distances = candidates.map(([word]) => distance(typed, [...word]));
  for (const kind of [0, 1]) {
    const least = Math.min(...distances.map((each) => each[kind]));
    if (least <= most) return candidates.filter((_, n) => distances[n][kind] === least);
  }
  return [];
}

async function shelf(letters, names, all, length = 2) {
  const name = letters.slice(0, length).join("");
  if (!names.includes(name)) return [];
  const { words, split } = await load(`words-${name}`);
  const own = Object.entries(words);
  if (all) return own.concat(...(await Promise.all(split.map((each) => shelf([...each], split, all, length + 1)))));
  return split.length && letters.length > length ? shelf(letters, split, all, length + 1) : own;
}

async function meant([word, begins], names) {
  const letters = [...word];
  const there = await shelf(letters, names);
  const found = there.filter(([each]) => each === word || (begins && each.startsWith(word)));
  if (found.length || letters.length < 4) return found.map(([each, list]) => [each === word ? 1 : 0.6, each, list]);
  let near = nearest(letters, there, 1);
  if (!near.length) {
    const [a, b] = letters;
    const all = [await shelf(letters, names, true), a === b ? [] : await shelf([b, a], names, true)].flat();
    near = nearest(letters, all, letters.length > 7 ? 2 : 1);
  }
  return near.map((each) => [0.5, ...each]);
}

function numbered(list, tell) {
  for (let at = 0, number = 0; at < list.length; at += 2) tell((number += list[at]), list[at + 1]);
}

async function scored(term, { posts, shards }, hits) {
  const average = posts.reduce((sum, post) => sum + post[5], 0) / posts.length || 1;
  const best = new Map();
  for (const [factor, word, list] of await meant(term, shards)) {
    hits?.set(word, term[0]);
    numbered(list, (number, weight) => {
      const score = (factor * weight) / (weight + 2.4 * (0.7 + (0.3 * posts[number][5]) / average));
      best.set(number, Math.max(score, best.get(number) ?? 0));
    });
  }
  const rare = Math.log(1 + (posts.length - best.size + 0.5) / (best.size + 0.5));
  return (number) => (best.get(number) ?? 0) * rare;
}

// Posts, best first; and the words they were found by, each with what was typed for it.
export async function answer(text) {
  const docs = await load("docs");
  const { terms, phrases, unwanted, tags } = parse(text);
  const hits = new Map();
  const scores = await Promise.all(terms.map((term) => scored(term, docs, hits)));
  const without = await Promise.all(unwanted.map((word) => scored([word], docs)));
  const has = (number, name) => docs.posts[number][3].some((tag) => docs.tags[tag].slice(0, 2).map(fold).includes(name));
  const wanted = [...docs.posts.keys()].filter(
    (number) => !without.some((score) => score(number)) && tags.every(([name, yes]) => has(number, name) === yes));
  const all = wanted.filter((number) => scores.every((score) => score(number)));
  const total = (number) => +scores.reduce((sum, score) => sum + score(number), 0).toFixed(9);
  const ranked = (all.length ? all : wanted.filter((number) => scores.some((score) => score(number))))
    .map((number) => [total(number), number]).sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  let numbers = ranked.slice(0, RESULTS).map((each) => each[1]);
  if (phrases.length) {
    const meant = await Promise.all(numbers.map(async (number) => {
      const sections = await load(`text-${docs.posts[number][0]}`);
      const run = ` ${words([docs.posts[number][1], ...sections.flatMap((each) => each.slice(1))].join("\n")).join(" ")} `;
      return phrases.every((phrase) => run.includes(` ${phrase} `));
    }));
    numbers = numbers.filter((_, n) => meant[n]);
  }
  const isAsked = terms.length + tags.length + unwanted.length > 0;
  return { docs, numbers: isAsked ? numbers : [], hits, isAsked, partly: isAsked && !all.length };
}

function marks(text, hits) {
  const find = (piece) => hits.get(piece) ?? (piece.match(RUN) && [...hits.keys()].find((hit) => hit.includes(piece)));
  return [...text.matchAll(PIECE)].map(({ 0: piece, index }) => [index, index + piece.length, find(fold(piece))]).filter((each) => each[2]);
}

function marked(text, hits) {
  let at = 0;
  const nodes = marks(text, hits).flatMap(([start, end]) => [text.slice(at, start), make("mark", {}, text.slice(start, (at = end)))]);
  return [...nodes, text.slice(at)];
}

export function passage(sections, hits) {
  let best, most = 0;
  for (const [id, heading, text] of sections) {
    const named = marks(heading, hits).map((mark) => mark[2]), found = marks(text, hits);
    for (const [start, end] of [...found, [0, 0]]) {
      const near = found.filter(([at]) => at >= start && at < start + 120).map((mark) => mark[2]);
      const worth = new Set([...near, ...named]).size + new Set(named).size / 2;
      if (worth > most) [most, best] = [worth, { id, heading, text, start, end }];
    }
  }
  if (!best) return null;
  const { text, start, end } = best;
  const from = Math.max(text.lastIndexOf(" ", start - 40) + 1, start - 80, 0);
  const to = text.length > from + LENGTH ? Math.max(text.lastIndexOf(" ", from + LENGTH), end) : text.length;
  const before = text.slice(0, start).trim().split(" ").slice(-2).join(" ");
  const quoted = (part) => encodeURIComponent(part).replaceAll("-", "%2D");
  best.hash = end ? `:~:text=${before && `${quoted(before)}-,`}${quoted(text.slice(start, end))}` : "";
  best.text = `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  return best;
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

const part = (name, ...children) => make("span", { class: `search-${name}` }, ...children);
const day = (date) => new Date(date).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });

function option([slug, title, excerpt, tags, date], docs, hits, place) {
  const link = make("a", { class: "search-result", role: "option", id: `search-${place}`, "aria-selected": false, tabindex: -1 });
  const facts = [...(date && [day(date)]), ...tags.slice(0, 3).map((tag) => `#${docs.tags[tag][1]}`)].join(" · ");
  const show = (found) => {
    const hash = found ? encodeURIComponent(found.id) + found.hash : "";
    link.href = `/posts/${encodeURIComponent(slug)}/${hash && `#${hash}`}`;
    const section = found?.heading ? [part("section", ...marked(found.heading, hits))] : [];
    link.replaceChildren(part("title", ...marked(title, hits)), ...section, part("text", ...marked(found?.text ?? excerpt, hits)), part("facts", facts));
  };
  show();
  link.complete = () => {
    link.complete = () => {};
    if (hits.size) load(`text-${slug}`).then((sections) => show(passage(sections, hits)), () => {});
  };
  return link;
}

const root = document.querySelector(".search");
const [input, status, list, rest] = ["input", ".search-status", ".search-list", ".search-rest"].map((each) => root.querySelector(each));
const isPage = !root.showModal;
let active = 0, turn = 0, timer;

function select(place) {
  const options = list.children;
  options[active]?.setAttribute("aria-selected", false);
  active = (place + options.length) % options.length || 0;
  input.setAttribute("aria-activedescendant", options[active]?.id ?? "");
  options[active]?.setAttribute("aria-selected", true);
  options[active]?.scrollIntoView({ block: "nearest" });
  options[active]?.complete();
}

function show(sentence, options, links) {
  status.textContent = sentence;
  list.replaceChildren(...options);
  list.scrollTop = 0;
  rest.replaceChildren(...links.map(([href, text]) => make("a", { href }, text)));
  input.setAttribute("aria-expanded", options.length > 0);
  select(0);
  clearTimeout(timer);
  timer = setTimeout(() => options.slice(0, 3).forEach((each) => each.complete()), 150);
}

function said({ numbers: { length }, isAsked, partly }) {
  if (!isAsked) return input.value.trim() ? "Type a letter or a figure" : "The newest articles";
  if (!length) return `Nothing found for “${input.value.trim().slice(0, 60)}”. Try fewer or other words, or a tag:`;
  const count = length < RESULTS ? `${length} result${length > 1 ? "s" : ""}` : `The best ${length} results`;
  return partly ? `No article has all of these words. ${count} with some of them` : count;
}

export async function update() {
  const own = ++turn;
  try {
    const found = await answer(input.value);
    if (own !== turn) return;
    const { docs, hits, isAsked } = found;
    const numbers = isAsked ? found.numbers : [...docs.posts.keys()].slice(-5).reverse();
    const tags = isAsked && numbers.length ? [] : docs.tags.slice(0, 8).map(([slug, name]) => [`/tags/${encodeURIComponent(slug)}/`, `#${name}`]);
    show(said(found), numbers.map((number, place) => option(docs.posts[number], docs, hits, place)), tags);
  } catch {
    const sentence = "The search could not be loaded. Check the connection and type again, or look here:";
    if (own === turn) show(sentence, [], [["/archive/", "All articles by year"]]);
  }
}

input.addEventListener("input", () => {
  if (isPage) history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`);
  update();
});
input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
  if (step === undefined || event.isComposing) return;
  event.preventDefault();
  if (step) select(active + step);
  else list.children[active]?.click();
});
root.addEventListener("click", ({ target }) => !isPage && (target === root || target.closest("a")) && root.close());

if (isPage) {
  root.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.focus();
  update();
}
