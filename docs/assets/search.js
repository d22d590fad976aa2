// The theme leaves out the last sign of a Chinese query, and finds what holds any part of it. Here a query is cut into the
// longest words of the index, and a page must hold all of them, where one does.
const HAN = /\p{sc=Han}/u;
const OPERATOR = /["+~^:*\\]|(^|\s)-/; // who writes those of lunr is left alone
const post = Worker.prototype.postMessage;
let index, texts, words;

Worker.prototype.postMessage = function (message, ...rest) {
  if (message.type === 0) index = message.data; // the first message to the theme's worker, those of type 2 are queries
  const chinese = message.type === 2 && index && HAN.test(message.data) && !OPERATOR.test(message.data);
  post.call(this, chinese ? { ...message, data: everyWord(message.data) } : message, ...rest);
};

function everyWord(query) {
  const separator = new RegExp(index.config.separator);
  const spaced = (text) => ` ${text.toLowerCase().replace(/<[^>]*>/g, " ").split(separator).join(" ")}`;
  texts ??= index.docs.map((doc) => spaced(`${doc.title} ${doc.text}`));
  words ??= new Set(texts.join(" ").split(" "));
  const parts = spaced(query).match(/\p{sc=Han}+|[^\s\p{sc=Han}]+/gu).flatMap((part) => (HAN.test(part) ? cut(part) : part));
  const all = texts.some((text) => parts.every((part) => held(text, part)));
  const some = parts.filter((part) => part.length > 1);
  document.querySelector(".md-search").classList.toggle("all-found", all); // or the theme says that 分解 is missing in 因素分解
  const asked = all ? parts : some.length ? some : [parts.join("")];
  return asked.map((part) => (all ? `+${inner(part) ? "*" : ""}${escaped(part)}*` : escaped(part))).join(" ");
}

// The last word may be half typed; 分解 is found in 因素分解 too, but a single sign only where a word begins.
function cut(run) {
  for (let end = run.length; end > 1; end--) {
    const [word, rest] = [run.slice(0, end), run.slice(end)];
    if (rest ? words.has(word) : texts.some((text) => held(text, word))) return [word, ...cut(rest)];
  }
  return run ? [run[0], ...cut(run.slice(1))] : [];
}

// Between escaped signs the theme does not cut again.
function escaped(part) {
  return [...part].join("\\");
}

function inner(part) {
  return HAN.test(part) && part.length > 1;
}

function held(text, part) {
  return text.includes(inner(part) ? part : ` ${part}`);
}
