// What a reader typed becomes words, "phrases", tag:names, year:2026 and -what is unwanted. Words are folded as the index folds them
// (trigpoint/search/tokens.py): without marks, in lower case, plainly spelt.
const MOST_TERMS = 10, LONGEST_WORD = 30;

// Such a word stands for longer ones only while it is being typed, and never for a mistake; a pair of words neither.
export const SHORT = /^.{0,3}$|,/u;

// Scripts without spaces between words: each two neighbouring letters are a word.
export const UNSPACED = /[\u0e00-\u109f\u1780-\u17ff\u3040-\u9fff\u{20000}-\u{3ffff}]+/gu;
export const NOT_ASCII = /[^\0-\x7f]/gu;
const PART = /(-(?=[\p{L}\p{N}".]))?(?:(tag|year):(\S+)|"([^"]*)"|(\S+))/gu;

// Letters that Unicode does not decompose, each with how it is typed: the same text is in trigpoint/search/tokens.py.
const PLAIN = "æaeœoeøoþthßssðdđdɗdħhıiłlŋnŧtɓbɛeəeɔoƙkƴyɖdɨiɲnyɠgɣghʋvƶz";

export const fold = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ")
    .replace(NOT_ASCII, (letter) => PLAIN.split(letter)[1]?.split(NOT_ASCII)[0] || letter);

const inPairs = (run) => ` ${run.replace(/.(?=(.))/gu, "$&$1 ").replace(/ .$/u, "")} `;

// Names that are no words (`c++`) are spelt as trigpoint/search/tokens.py does.
export const words = (text) =>
  (fold(text).replace(/\bc\+\+/g, "cpp ").replace(/\b([cf])#/g, "$1sharp ").replace(/\B\.net\b/g, "dotnet").match(/[\p{L}\p{N}]+/gu) ?? [])
    .flatMap((word) => word.replace(UNSPACED, inPairs).trim().split(/ +/))
    .filter((word) => [...word].length <= LONGEST_WORD);

// `begins` says of a term that words which begin with it will do.
export function parse(text) {
  const typed = text.slice(0, MOST_TERMS * LONGEST_WORD);
  const terms = [], phrases = [], unwanted = [], filters = [];
  for (const [, minus, kind, name, phrase, word] of typed.matchAll(PART)) {
    const parts = kind ? [`_${fold(name)}`] : words(phrase ?? word);
    const meant = kind === "year" ? [{ year: name }] : parts.map((word) => ({ word }));
    (minus ? unwanted : kind ? filters : terms).push(...meant);
    if (minus || !phrase || !parts[1]) continue;
    phrases.push(` ${parts.join(" ")} `);
    filters.push(...meant);
  }
  for (const term of terms) term.begins = !SHORT.test(term.word) || (term === terms.at(-1) && /[^\s"]$/.test(typed));
  return { terms: terms.slice(0, MOST_TERMS), phrases, unwanted, filters };
}
