// A query finds posts, best first, in the files that trigpoint/web/files/search.py serves.
//
// The ranking is BM25F: what a word counts for in the fields of a post is added up (trigpoint/search/tokens.py has the
// weights, and stores their logarithms) before it saturates, so that a word in title and text is one piece of evidence
// and not two (Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004). The
// idf is Lucene's, which is never negative: ln(1 + (N - n + 0.5) / (n + 0.5)). A term may stand for many words (those that
// begin with it); it scores by the best of them in each post, and is as rare as all of them together.
import { NOT_ASCII, SHORT, parse, words } from "./query.js";

// BM25's k1, in the unit of the weights, in which a word of the text counts 2; and what is stored for each doubling.
const SATURATION = 2.4, STEPS = 3;

// What a word is worth that only begins as typed, and one that is a typing mistake away.
const BEGINS = 0.6, MISTYPED = 0.5;

// A word of so many letters may hold two mistakes.
const LONG_WORD = 8;

// Where fewer posts have all the words, those with some of them follow.
const ENOUGH = 3;

export const MOST_RESULTS = 20;
const NEWEST = 5, VOLUME = 100, VOLUMES_AHEAD = 9;

const files = {};

function read(file) {
  // The server is making the index: a frozen site never is.
  if (file.status === 503) throw Error("503");
  return file.json();
}

// The front page: the site may stand below a path.
export const ROOT = new URL("../..", import.meta.url).pathname;

export function load(name) {
  const json = (files[name] ??= fetch(`${ROOT}search/${name}.json`).then(read));
  json.catch(() => delete files[name]);
  return json;
}

// Optimal string alignment: of the whole word, and the least of its beginnings.
export function distance(typed, word) {
  let before = [], row = [...typed.keys(), typed.length], beginning = typed.length;
  for (let at = 1; at <= word.length; at++) {
    const last = before;
    [before, row] = [row, [at]];
    for (let n = 1; n <= typed.length; n++) {
      const isSwapped = typed[n - 1] === word[at - 2] && typed[n - 2] === word[at - 1];
      row.push(1 + Math.min(before[n], row[n - 1], before[n - 1] - (typed[n - 1] === word[at - 1]), isSwapped ? last[n - 2] : n + at));
    }
    beginning = Math.min(beginning, row.at(-1));
  }
  return [row.at(-1), beginning];
}

// The candidates with the fewest mistakes: whole words first, then words that begin so.
function nearest(typed, candidates, most) {
  const distances = candidates.map(([word]) => distance(typed, [...word]));
  for (const kind of [0, 1]) {
    const least = Math.min(...distances.map((each) => each[kind]));
    if (least <= most) return candidates.filter((_, n) => distances[n][kind] === least).map((each) => [MISTYPED, ...each]);
  }
  return [];
}

// Where a word is looked up: by its letters where they are of ASCII, else by a hash of the first two
// (trigpoint/search/tokens.py).
export function path(word) {
  const [first, second = "\0"] = word;
  const spelt = word.replace(NOT_ASCII, (letter) => letter.codePointAt().toString(16).at(-1));
  if (spelt.startsWith(word.slice(0, 2))) return spelt;
  return `~${spelt.slice(0, 2)}${(first.codePointAt() * second.codePointAt()).toString(2)}${spelt.slice(2)}`;
}

// The words of a shard with their postings, and of those shards below it that a path leads to or begins.
async function wordsOfShard(name, path) {
  const { words, split } = await load(`words-${encodeURIComponent(name)}`);
  const below = split.filter((each) => path.startsWith(each) || each.startsWith(path));
  return Object.entries(words).concat(...(await Promise.all(below.map((each) => wordsOfShard(each, path)))));
}

// The words that a term stands for, each with its worth and postings: mistakes only where nothing else is, and none in a
// short word or in a pair of words.
async function meant({ word, begins }, shards) {
  const letters = [...word], isShort = SHORT.test(word), own = path(word);
  const wordsBelow = (path) => {
    const [name] = path.match(/~?../);
    return shards[name.slice(0, -1)]?.includes(name.at(-1)) ? wordsOfShard(name.trim(), path) : [];
  };
  // Mistakes are looked for where the word would be, then among more and more words around it.
  for (const length of [Infinity, 4, 3, 2]) {
    const there = await wordsBelow(isShort ? `${own} ` : path(letters.slice(0, length).join("")));
    if (length === 2) there.push(...(await wordsBelow(path(letters[1] + letters[0]))));
    const matches = there.filter(([each]) => each === word || (begins && each.startsWith(word)));
    if (matches[0] || isShort) return matches.map(([each, list]) => [each === word ? 1 : BEGINS, each, list]);
    const near = nearest(letters, there, length === 2 && letters.length >= LONG_WORD ? 2 : 1);
    if (near[0]) return near;
  }
  // Last among the words with another second letter: it may be a wrong one, or missing.
  const [start] = own.match(/~?./), rests = start[1] ? [""] : [own.slice(2), own.slice(1)];
  const around = [...(shards[start] ?? [])].flatMap((other) => rests.map((rest) => wordsBelow(start + other + rest)));
  return nearest(letters, (await Promise.all(around)).flat(), 1);
}

// What a term counts for in the post of a number, as a function; the words that it stands for are added to `hits`.
async function scored(term, { shards, years }, count, hits) {
  const best = new Map();
  // The posts are in the order of their days: it is known where each year begins.
  if (term.year) return (number) => years.findLast(([first]) => first <= number)[1].startsWith(term.year);
  for (const [worth, word, postings] of await meant(term, shards)) {
    hits?.set(word, term.word);
    for (let at = 0, number = 0; at < postings.length; at += 2) {
      number += postings[at];
      const weight = 2 ** (postings[at + 1] / STEPS);
      best.set(number, Math.max(worth / (1 + SATURATION / weight), best.get(number) ?? 0));
    }
  }
  return (number) => (best.get(number) ?? 0) * Math.log((count + 1) / (best.size + 0.5));
}

// Posts, best first, of which `whole` have all the words. `hits` are the words that they were found by, each with what was
// typed for it. Of an empty query the newest posts, and tags.
export async function answer(text) {
  const docs = await load("docs");
  const { first, pages, posts: newest, tags } = docs;
  const count = first + newest.length, hits = new Map(), candidates = [], found = [];
  // A blog of up to a thousand posts is loaded whole, behind the reader's back: no query has to wait for a volume.
  for (let volume = first / VOLUME, left = VOLUMES_AHEAD; volume && left--;) load(`posts-${--volume}`);
  const { terms, phrases, unwanted, filters } = parse(text);
  if (!terms.concat(unwanted, filters)[0]) return { posts: newest.slice(pages).slice(-NEWEST).reverse(), hits, tags };
  const all = (terms, hits) => Promise.all(terms.map((term) => scored(term, docs, count, hits)));
  // Two words that stand together in a title or a heading are a word there, too (trigpoint/search/tokens.py).
  const pairs = await all(terms.slice(1).map((next, n) => ({ ...next, word: `${terms[n].word},${next.word}` })));
  const scores = await all(terms, hits), without = await all(unwanted), within = await all(filters);
  for (let number = count; number--;) {
    const has = (score) => score(number);
    const worth = scores.concat(pairs).map(has).reduce((sum, each) => sum + each, 0);
    if (within.every(has) && !without.some(has)) candidates.push({ number, worth, isWhole: scores.every(has) });
  }
  const whole = candidates.filter((each) => each.isWhole).length;
  const ranked = candidates
    .filter((each) => each.isWhole || (whole < ENOUGH && each.worth))
    .sort((a, b) => b.isWhole - a.isWhole || b.worth - a.worth);
  const read = async (each) => {
    const { number } = each;
    each.post = newest[number - first] ?? (await load(`posts-${number / VOLUME | 0}`))[number % VOLUME];
    const text = phrases[0] && ` ${words(`${[each.post[1], await load(`text/${each.post[0]}`)]}`).join(" ")} `;
    return phrases.every((phrase) => text.includes(phrase)) ? each : [];
  };
  // A phrase may stand in the last of the candidates alone: they are read until enough have passed.
  while (ranked[0] && !found[MOST_RESULTS - 1]) found.push(...(await Promise.all(ranked.splice(0, MOST_RESULTS).map(read))).flat());
  return { posts: found.map((each) => each.post), hits, whole: found.filter((each) => each.isWhole).length, tags: found[0] ? [] : tags };
}
