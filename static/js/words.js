// `say` has the words of all scripts, in the language of where they stand: `data-words` around it has those that are not
// English. `one` is the English for a count of 1.
const tables = new Map();

globalThis.say = (text, values = {}, place = document.documentElement, one = text) => {
  const holder = place.closest("[data-words]");
  if (holder && !tables.has(holder)) tables.set(holder, JSON.parse(holder.dataset.words));
  const word = tables.get(holder)?.[text] ?? (values.count === 1 ? one : text);
  const form = word.other ? word[new Intl.PluralRules(holder.lang).select(values.count)] ?? word.other : word;
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
};
