// The words scripts say, in the language of the page.
const source = document.getElementById("t-words");
const words = source ? JSON.parse(source.textContent) : {};

export const say = (key, facts = {}) =>
  (words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => facts[name] ?? "");
