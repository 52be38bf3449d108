/* The coding page with script: select words, press a key, fill in the form beside them.
 *
 * Offsets are code points over the text nodes of a passage, and are sent with the words;
 * the server refuses them where they do not agree. There is no event for the end of a
 * selection by touch, so that changes are looked at when they have come to rest. All of
 * this can be done without script by the links below each passage.
 */
"use strict";

const REST = 180; // milliseconds
const FRAGMENT = { "X-Fragment": "1" };
const POSITIONS = { "+": "for 1", "-": "against -1" };
const bench = document.querySelector(".bench");
const panel = document.querySelector("#panel");
const said = document.querySelector("#said");
const narrow = matchMedia("(max-width: 48rem), (pointer: coarse)");
const bar = make("div", { class: "bar", role: "toolbar", "aria-label": "Code the selected words" });
let chosen = null; // {section, start, end, words, range}
let timer = 0;

/* ---- What is selected ---------------------------------------------------------- */

const points = (text) => [...text].length;
const wordsOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".words");

function offsetIn(words, node, offset) {
  const before = document.createRange();
  before.selectNodeContents(words);
  before.setEnd(node, offset);
  return points(before.toString());
}

function look() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return hideBar();
  const range = selection.getRangeAt(0);
  const [first, last] = [wordsOf(range.startContainer), wordsOf(range.endContainer)];
  if (!first && !last) return hideBar();
  // A double click on the last word ends at the beginning of what follows.
  const atEnd = first && first !== last && range.toString().trim() === tail(first, range).trim();
  if (first !== last && !atEnd) return showBar(range, null);
  const start = offsetIn(first, range.startContainer, range.startOffset);
  const words = atEnd ? tail(first, range) : range.toString();
  if (!words.trim()) return hideBar();
  const section = first.closest(".passage");
  chosen = { section, start, end: start + points(words), words, range: range.cloneRange() };
  showBar(range, section);
}

function tail(words, range) {
  const rest = document.createRange();
  rest.selectNodeContents(words);
  rest.setStart(range.startContainer, range.startOffset);
  return rest.toString();
}

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(look, REST);
});

/* ---- The bar ------------------------------------------------------------------- */

function showBar(range, section) {
  if (!section) {
    chosen = null;
    bar.replaceChildren(make("p", {}, "Select words of one passage."));
  } else {
    const links = [...section.querySelectorAll("a[data-form]")];
    bar.replaceChildren(...links.map((link) => buttonFor(link)));
  }
  bar.classList.toggle("docked", narrow.matches);
  bar.hidden = false;
  if (narrow.matches) return;
  const { left, bottom } = range.getBoundingClientRect();
  const room = document.documentElement.clientWidth - bar.offsetWidth - 8;
  bar.style.left = `${Math.max(8, Math.min(left, room)) + scrollX}px`;
  bar.style.top = `${bottom + scrollY + 8}px`;
}

function buttonFor(link) {
  const button = make("button", { type: "button" }, `${link.textContent} `, make("kbd", {}, link.dataset.key));
  button.addEventListener("click", () => openForm(link));
  return button;
}

function hideBar() {
  bar.hidden = true;
  chosen = null;
}

bar.hidden = true;
bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
document.querySelector("main").append(bar);

/* ---- The form ------------------------------------------------------------------ */

async function openForm(link, position) {
  const what = chosen;
  clearTimeout(timer);
  const found = await ask(link.href, { headers: FRAGMENT });
  if (!found) return;
  showForm(found.form, what);
  const form = panel.querySelector("form");
  if (what) setSpan(form, what);
  if (position && form.elements.position) form.elements.position.value = position;
  panel.scrollIntoView({ block: "nearest" });
  (fieldsOf(form).find((field) => !field.value && field.required) ?? fieldsOf(form)[0]).focus();
}

function setSpan(form, { start, end, words }) {
  if (!form.elements.quote) return;
  form.elements.quote.value = words.trim();
  const spaces = words.length - words.trimStart().length; // white space is one code point
  const span = { start: start + spaces, end: start + spaces + points(words.trim()) };
  for (const [name, value] of Object.entries(span)) {
    form.elements[name]?.remove();
    form.append(make("input", { type: "hidden", name, value: String(value) }));
  }
  // Words that are typed or changed are looked for, wherever they were selected.
  form.elements.quote.addEventListener("input", () => {
    for (const name of Object.keys(span)) form.elements[name]?.remove();
  });
}

function showForm(html, what) {
  panel.innerHTML = html;
  panel.hidden = false;
  bar.hidden = true;
  if (what) globalThis.CSS?.highlights?.set("pending", new Highlight(what.range));
  const form = attachForm(panel.querySelector("form"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, what);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !form.querySelector('[aria-expanded="true"]')) leave(what);
  });
  form.querySelector(".leave").addEventListener("click", (event) => {
    event.preventDefault();
    leave(what);
  });
}

async function send(form, what) {
  const button = form.querySelector(".run button");
  button.disabled = true;
  const found = await ask(form.action, { method: "POST", headers: FRAGMENT, body: new FormData(form) });
  button.disabled = false;
  if (!found) return; // what went wrong is said above the form, which stays
  if (found.form) {
    showForm(found.form, what);
    const wrong = panel.querySelector(".entry.wrong :is(input:not([type=hidden]), select, textarea)");
    (wrong ?? panel.querySelector("button")).focus();
    return;
  }
  form.dispatchEvent(new Event("saved"));
  said.innerHTML = found.said;
  for (const [position, html] of Object.entries(found.passages)) {
    document.querySelector(`#p${position}`).outerHTML = html;
  }
  if (form.isConnected) leave(what); // else another was opened meanwhile, and stays
  const spans = found.span ? [...document.querySelectorAll("mark[data-spans]")] : [];
  for (const mark of spans) {
    mark.classList.toggle("fresh", mark.dataset.spans.split(" ").includes(found.span));
  }
}

function leave(what) {
  panel.hidden = true;
  panel.replaceChildren();
  globalThis.CSS?.highlights?.delete("pending");
  hideBar();
  const section = what && document.querySelector(`#${what.section.id}`);
  if (section) goTo(section);
}

async function ask(address, options) {
  let reply;
  try {
    reply = await fetch(address, options);
  } catch {
    return complain("The server cannot be reached. What you typed is kept here; try again.");
  }
  if (reply.headers.get("Content-Type")?.startsWith("application/json")) return reply.json();
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return complain(page.querySelector("main p")?.textContent ?? `The server answers ${reply.status}.`);
}

function complain(sentence) {
  const note = make("div", { class: "notice alert", role: "alert" }, make("p", {}, sentence));
  (panel.hidden ? said : panel).prepend(note);
  return null;
}

/* ---- The keyboard -------------------------------------------------------------- */

const sections = () => [...bench.querySelectorAll(".passage")];
const here = () => bench.querySelector(".passage.here");
const OFF = "dragoman keys off";
const isOff = () => Boolean(stored(() => localStorage.getItem(OFF)));

function goTo(section, scrolls = true) {
  here()?.classList.remove("here");
  section.classList.add("here");
  section.focus({ preventScroll: true });
  if (scrolls) section.scrollIntoView({ block: "nearest" });
  sentence = -1;
}

let sentence = -1;

function step(by) {
  const all = sections();
  const place = all.indexOf(here());
  const next = all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)];
  if (next) goTo(next);
}

function sentencesOf(text, language) {
  if (!globalThis.Intl?.Segmenter) return [...text.matchAll(/[^.!?…]+[.!?…]*\s*/g)].map((one) => [one.index, one[0]]);
  const found = new Intl.Segmenter(language || undefined, { granularity: "sentence" }).segment(text);
  return [...found].map((one) => [one.index, one.segment]);
}

function selectSentence(words) {
  const all = sentencesOf(words.textContent, words.closest("[lang]")?.lang).filter(([, text]) => text.trim());
  if (!all.length) return;
  sentence = (sentence + 1) % all.length;
  const [at, text] = all[sentence];
  const range = document.createRange();
  range.setStart(...place(words, at + text.length - text.trimStart().length));
  range.setEnd(...place(words, at + text.trimEnd().length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  look();
}

/* The text node and the place in it where the unit with this number of the text stands. */
function place(words, units) {
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && units > node.data.length) {
    units -= node.data.length;
    node = walker.nextNode();
  }
  return [node, units];
}

function pressed(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (target.closest("input, select, textarea, button, summary, #panel")) return false;
  if (event.shiftKey && ["ArrowRight", "ArrowLeft"].includes(key) && !getSelection().isCollapsed) {
    getSelection().modify("extend", key === "ArrowRight" ? "forward" : "backward", "word");
    look();
    return true;
  }
  if (key === "Enter" && !target.closest("a") && here()) {
    const words = here().querySelector(".words");
    if (words) selectSentence(words);
    return true;
  }
  if (key === "Escape" && chosen) {
    getSelection().removeAllRanges();
    hideBar();
    return true;
  }
  if (isOff()) return false;
  if (key === "j" || key === "k") {
    step(key === "j" ? 1 : -1);
    return true;
  }
  if (!chosen) return false;
  const section = document.querySelector(`#${chosen.section.id}`);
  const wanted = key in POSITIONS ? '[data-form="stance"]' : `[data-key="${CSS.escape(key)}"]`;
  const link = section.querySelector(`a[data-form]${wanted}`);
  if (link) openForm(link, POSITIONS[key]);
  return Boolean(link);
}

if (bench) {
  document.addEventListener("keydown", (event) => {
    if (pressed(event)) event.preventDefault();
  });
  bench.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-form]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      goTo(link.closest(".passage"));
      openForm(link);
      return;
    }
    const section = event.target.closest(".passage");
    if (!section || !getSelection().isCollapsed) return;
    // Nothing may move between the two clicks that select a word.
    if (!event.target.closest(".margin a, summary")) goTo(section, false);
    const claims = event.target.closest("mark") && section.querySelector(".margin details");
    if (claims) claims.open = true;
  });
  const box = make("input", { type: "checkbox" });
  box.checked = !isOff();
  box.addEventListener("change", () => {
    if (box.checked) forget(OFF);
    else stored(() => localStorage.setItem(OFF, "1"));
  });
  bench.before(
    make(
      "p",
      { class: "keys soft" },
      "Select words, or press j and k for passages, Enter for a sentence, Shift with the arrows for words; then s for a " +
        "stance, + for one that is for, - for one against, m for a meeting. Ctrl and Enter save. ",
      make("label", { class: "nowrap" }, box, " Single keys"),
    ),
  );
}
