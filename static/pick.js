/* Forms of the workbench: a name is chosen while it is typed, what is new is asked about,
 * and what was typed is kept in this browser until it is saved. Without this script the
 * server looks the name up and asks in its turn. Needs suggest.js, which draws the list.
 */
"use strict";

/* What is still being looked up in a form: whoever types fast saves before it is there. */
const looking = new WeakMap();

/* The field for a name: Enter takes the first that fits and goes on to the next field. */
function attachName(box) {
  const entry = box.closest(".entry");
  const slug = entry.querySelector(`input[name="${box.name}_slug"]`);
  const making = entry.querySelector(".make");
  const host = make("div", { class: "field" });
  const address = (typed) => `${box.dataset.pick}&q=${encodeURIComponent(typed)}`;
  box.replaceWith(host);
  host.append(box);

  function take(one) {
    box.value = one.label;
    slug.value = one.slug;
    askWhatItIs(false);
    box.form.dispatchEvent(new Event("input"));
    focusAfter(box);
  }

  function askWhatItIs(asked) {
    if (!making) return;
    making.hidden = !asked;
    if (!asked) making.querySelector("select").value = "";
  }

  async function look() {
    const reply = await fetch(address(box.value.trim()));
    const items = reply.ok ? (await reply.json()).items : [];
    const typed = box.value.trim().toLocaleLowerCase();
    return [items.find((one) => one.label.toLocaleLowerCase() === typed), items];
  }

  async function takeFirst() {
    const [same, items] = await look();
    const one = same ?? items[0];
    if (one) return take(one);
    askWhatItIs(true);
    making?.querySelector("select").focus();
  }

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (box.getAttribute("aria-activedescendant")) return; // suggest.js takes that one
    event.stopImmediatePropagation();
    if (!box.value.trim() || slug.value) return focusAfter(box);
    looking.set(box.form, takeFirst());
  });
  box.addEventListener("input", () => {
    slug.value = "";
  });
  box.addEventListener("change", async () => {
    if (slug.value) return;
    if (!box.value.trim()) return askWhatItIs(false);
    const [same] = await look();
    if (!same && !slug.value && box.value.trim()) askWhatItIs(true);
  });
  suggestOn(box, { address, groups: (found) => [["Names", found.items]], pick: take, host });
}

function fieldsOf(form) {
  return [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button")].filter(
    (field) => field.checkVisibility?.() ?? field.offsetParent !== null,
  );
}

function focusAfter(field) {
  const fields = fieldsOf(field.form);
  fields[fields.indexOf(field) + 1]?.focus();
}

/* What was typed, kept by the form's address and passage. A store that is full or
 * forbidden keeps nothing, and the form goes on without. */
const SENT = "dragoman sent";

function draftKey(form) {
  return `dragoman draft ${new URL(form.action).pathname} ${form.elements.passage?.value ?? ""}`;
}

function stored(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

function forget(key) {
  stored(() => localStorage.removeItem(key));
}

function keepDraft(form) {
  const key = draftKey(form);
  const values = () =>
    [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  const first = JSON.stringify(values());
  const kept = stored(() => JSON.parse(localStorage.getItem(key)));
  if (kept && !form.querySelector("[role=alert]")) {
    const button = make("button", { type: "button" }, "Throw it away");
    const note = make("p", { class: "meta", role: "status" }, "What you typed here before is back. ", button);
    fill(form, kept);
    form.prepend(note);
    button.addEventListener("click", () => {
      forget(key);
      fill(form, JSON.parse(first));
      note.remove();
    });
  }
  form.addEventListener("input", () => stored(() => localStorage.setItem(key, JSON.stringify(values()))));
  form.addEventListener("saved", () => forget(key));
}

function fill(form, values) {
  for (const [name, value] of values) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
    const making = field.closest?.(".make");
    if (making && value) making.hidden = false;
  }
}

/* A date in words, and beside it what it means. */
function attachDate(box) {
  const means = box.closest(".entry").querySelector(".means");
  let running = null;
  async function tell() {
    running?.abort();
    running = new AbortController();
    if (!box.value.trim()) return means.replaceChildren();
    const address = new URL(box.dataset.date, location.href);
    address.searchParams.set("text", box.value.trim());
    try {
      const reply = await fetch(address, { signal: running.signal });
      const found = reply.ok ? await reply.json() : {};
      means.textContent = found.means ? `means ${found.means}` : (found.expected ?? "");
    } catch {
      // another is being asked, or the server says it when the form is saved
    }
  }
  box.addEventListener("change", tell);
  if (box.value) tell();
}

function attachForm(form) {
  form.querySelectorAll("input[data-date]").forEach(attachDate);
  form.querySelectorAll("input[data-pick]").forEach(attachName);
  keepDraft(form);
  form.addEventListener("keydown", async (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      await looking.get(form);
      form.requestSubmit();
    }
  });
  return form;
}

document.querySelectorAll("form.code").forEach((form) => {
  attachForm(form);
  // Kept until a page says that it was saved: the session may have ended meanwhile.
  form.addEventListener("submit", () => stored(() => sessionStorage.setItem(SENT, draftKey(form))));
});
if (document.querySelector("#saved")) {
  const key = stored(() => sessionStorage.getItem(SENT));
  if (key) forget(key);
}
