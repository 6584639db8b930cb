// Where in an article the words stand that it was found by. A text is taken in pieces: words, and what is between them;
// each second piece is a word. A word has its marks with it, and is one letter in a script without spaces.
import { UNSPACED, fold } from "./query.js";

export const PIECE = RegExp(`(${UNSPACED.source.slice(0, -1)}\\p{M}*|[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*)`, "u");

// Pieces: how far apart words may stand to be one place, and how much is shown before and from the first of them.
const NEAR = 40, BEFORE = 10, BEHIND = 45;

// Snippets of an article, and what a word counts for in its code: in a text 1, and a half more in a heading.
const MOST_SNIPPETS = 3, IN_CODE = 0.5;

// What was typed for each piece; nothing where it is none of the words. A letter stands for the words that it is in.
export function meanings(pieces, hits) {
  const hitAround = (letter) => letter.match(UNSPACED) && [...hits.keys()].find((hit) => hit.includes(letter));
  return pieces.map(fold).map((piece) => hits.get(piece) ?? hitAround(piece));
}

// Those of the sections with most of the words, best first: of each the place where most of them stand, the first of equals.
// Where none of the words is, the beginning.
export function snippets(sections, hits) {
  const found = sections.map((section) => snippetOf(section, hits)).sort((a, b) => b.worth - a.worth);
  return found.filter(({ worth }, n) => !n || (worth && worth >= found[0].worth / 2)).slice(0, MOST_SNIPPETS);
}

function snippetOf([id, section, text, code = ""], hits) {
  const named = new Set(meanings(section.split(PIECE), hits).filter(Boolean));
  let best = { worth: -1 };
  for (const [kind, part, counts] of [["text", text, 1], ["code", code, IN_CODE]]) {
    const pieces = part.split(PIECE), meant = meanings(pieces, hits);
    for (const at of [...pieces.keys(), 0].slice(1)) {
      if (at && !meant[at]) continue;
      const near = meant.slice(at, at + NEAR).filter(Boolean);
      const worth = new Set([...near, ...named]).size * counts + named.size / 2;
      if (worth > best.worth) best = { worth, section, hash: hashOf(id, pieces, at), kind, said: cutOut(pieces, at) };
    }
  }
  return best;
}

const cut = (pieces, from, to) => pieces.slice(Math.max(0, from), to).join("");

const cutOut = (pieces, at) =>
  `${at > BEFORE ? "… " : ""}${cut(pieces, at - BEFORE, at + BEHIND)}${pieces[at + BEHIND] ? " …" : ""}`;

// The section, and in it the word with the one before it as a text fragment: browsers that know such scroll to it.
function hashOf(id, pieces, at) {
  const quoted = (from, to) => encodeURIComponent(cut(pieces, from, to).trim()).replaceAll("-", "%2D");
  const fragment = at > 1 ? `:~:text=${quoted(at - 4, at)}-,${quoted(at, at + 1)}` : "";
  return id + fragment && `#${encodeURIComponent(id)}${fragment}`;
}
