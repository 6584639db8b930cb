// Where in an article the words stand that it was found by. A text is taken in pieces: words, and what is between them;
// each second piece is a word. A word has its marks with it, and is one letter in a script without spaces.
import { UNSPACED, fold } from "./query.js";

export const PIECE = RegExp(`(${UNSPACED.source.slice(0, -1)}\\p{M}*|[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*)`, "u");

// Pieces: how far apart words may stand to be one place, and how much is shown before and from the first of them.
const NEAR = 40, BEFORE = 10, BEHIND = 45;

// What was typed for each piece; nothing where it is none of the words. A letter stands for the words that it is in.
export function meanings(pieces, hits) {
  const hitAround = (letter) => letter.match(UNSPACED) && [...hits.keys()].find((hit) => hit.includes(letter));
  return pieces.map(fold).map((piece) => hits.get(piece) ?? hitAround(piece));
}

// The place where most of the words stand, the first of equals; a word in the heading counts for more. Where none of the
// words is, the beginning.
export function snippet(sections, hits) {
  let best = {}, most = -1;
  for (const [id, heading, text] of sections) {
    const named = meanings(heading.split(PIECE), hits).filter(Boolean);
    const pieces = text.split(PIECE), meant = meanings(pieces, hits);
    for (const at of [...pieces.keys(), 0].slice(1)) {
      if (at && !meant[at]) continue;
      const near = meant.slice(at, at + NEAR).filter(Boolean);
      const worth = new Set([...near, ...named]).size + new Set(named).size / 2;
      if (worth <= most) continue;
      most = worth;
      best = { heading, hash: hashOf(id, pieces, at), text: cutOut(pieces, at) };
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
