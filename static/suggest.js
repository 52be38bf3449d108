/* Suggestions while typing, on every search box and in every field that takes a name.
 * Without this script both work as well: the results page links to what is called as was
 * typed, and a list looks the name up.
 *
 * The pattern is the combobox of ARIA 1.2: the focus stays in the box, the arrow keys
 * choose among links in a listbox, Enter follows the chosen one or else sends the form,
 * and Escape closes. Of a search box the links lead to pages; in a field the chosen thing
 * is filled in and sent. Names go in as text, never as markup.
 */
"use strict";

const PAUSE = 120; // milliseconds after a key; a fast typist asks once for each word
const FEWEST = 2; // letters
const GROUPS = { actors: "Actors", topics: "Topics", meetings: "Meetings" };

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/* What differs between the two: where to ask, in which groups the answer stands, what a
 * choice does (undefined: the link is followed), and where the list hangs. */
function ofSearch(box) {
  return {
    address: (typed) => `${box.form.dataset.suggest}?q=${encodeURIComponent(typed)}`,
    groups: (found) => Object.entries(GROUPS).map(([name, label]) => [label, found[name]]),
    host: box.form,
  };
}

function ofField(box, number) {
  const host = make("div", { class: "field" });
  const label = box.closest("label");
  label.replaceWith(host);
  host.append(label);
  box.id ||= `name-${number}`;
  return {
    address: (typed) => `${box.dataset.names}&q=${encodeURIComponent(typed)}`,
    groups: (found) => [["Names", found.items]],
    pick(one) {
      box.value = one.slug;
      box.form.requestSubmit();
    },
    host,
  };
}

function suggestOn(box, { address, groups, pick, host }) {
  const form = box.form;
  const id = `${box.id}-suggestions`;
  const list = make("div", { id, role: "listbox", "aria-label": "Suggestions", class: "suggestions" });
  const said = make("span", { role: "status", class: "unseen" });
  let chosen = null;
  let timer = 0;
  let running = null;

  box.type = "text"; // what may be a combobox
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": id,
    "aria-expanded": "false",
  })) {
    box.setAttribute(name, value);
  }
  list.hidden = true;
  host.append(list, said);

  function stop() {
    clearTimeout(timer);
    running?.abort();
  }

  function choose(option) {
    chosen?.setAttribute("aria-selected", "false");
    chosen = option;
    if (!option) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    stop();
    choose(null);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    said.textContent = "";
  }

  function optionOf(one, number) {
    const more = one.alias ? `“${one.alias}”` : one.when;
    const option = make(
      "a",
      { id: `${id}-${number}`, role: "option", "aria-selected": "false", href: one.url, tabindex: "-1" },
      make("bdi", {}, one.label),
    );
    if (more) option.append(" ", make("bdi", { class: "meta" }, more));
    if (pick) {
      option.addEventListener("click", (event) => {
        event.preventDefault();
        close();
        pick(one);
      });
    }
    return option;
  }

  function show(found) {
    let number = 0;
    choose(null);
    list.replaceChildren();
    for (const [label, items] of groups(found)) {
      const options = items.map((one) => optionOf(one, number++));
      if (!options.length) continue;
      const heading = make("div", { id: `${id}-${label}`, role: "presentation", class: "heading" }, label);
      list.append(make("div", { role: "group", "aria-labelledby": heading.id }, heading, ...options));
    }
    if (!number) return close();
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    said.textContent = number === 1 ? "1 suggestion" : `${number} suggestions`;
  }

  async function ask() {
    const typed = box.value.trim();
    running = new AbortController();
    const { signal } = running;
    try {
      const reply = await fetch(address(typed), { signal });
      const found = reply.ok ? await reply.json() : null;
      if (signal.aborted) return;
      if (found) show(found);
      else close();
    } catch {
      if (!signal.aborted) close(); // the box goes on working without
    }
  }

  function move(step) {
    const options = [...list.querySelectorAll("[role=option]")];
    const places = options.length + 1; // the box itself is one of them
    const next = (options.indexOf(chosen) + 1 + step + places) % places;
    choose(options[next - 1] ?? null);
  }

  box.addEventListener("input", () => {
    stop();
    if (box.value.trim().length < FEWEST) close();
    else timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && chosen) chosen.click();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The focus stays in the box while a link is pressed, or the list would be gone.
  list.addEventListener("mousedown", (event) => event.preventDefault());
}

for (const box of document.querySelectorAll("form.search input[name=q]")) {
  suggestOn(box, ofSearch(box));
}
document.querySelectorAll("input[data-names]").forEach((box, number) => {
  suggestOn(box, ofField(box, number));
});
