// The books page. It shows the API's own error messages.
import { Problem, ask, complain, element, hush, say } from "./page.js";

const API = "/api/books";
const shelf = document.getElementById("shelf");
const listTitle = document.getElementById("list-title");
const form = document.getElementById("editor");
const cancel = document.getElementById("cancel");
const more = document.getElementById("more");
const deletion = document.getElementById("deletion");
const books = new Map();
let editing = null;
let next = null;

/** Calls the API. `body` is an object, which is sent as JSON, or a file, which is sent with its own type. */
async function call(path, method = "GET", body = undefined) {
  const sent = body === undefined || body instanceof Blob
    ? { body }
    : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const response = await ask(path, { method, ...sent });
  if (!response.ok) throw await Problem.of(response);
  return response.status === 204 ? null : response.json();
}

async function load() {
  const page = await call(next ? `${API}?next=${encodeURIComponent(next)}` : API);
  for (const book of page.books) books.set(book.id, book);
  next = page.next ?? null;
  render();
}

/** Draws the list. A row's button keeps the focus. If its row is gone, the focus moves to a neighbor or to the title. */
function render() {
  const listed = [...books.values()].sort((a, b) => a.title.localeCompare(b.title));
  const body = shelf.tBodies[0];
  const place = [...body.rows].findIndex((row) => row.contains(document.activeElement));
  const held = { id: body.rows[place]?.dataset.id, action: document.activeElement.dataset.action };
  body.replaceChildren(...listed.map(row));
  shelf.hidden = listed.length === 0;
  document.getElementById("empty").hidden = listed.length > 0;
  if (place >= 0) (button(held.id, held.action) ?? button(listed.at(place)?.id ?? listed.at(-1)?.id, held.action) ?? listTitle).focus();
  if (next === null && document.activeElement === more) listTitle.focus();
  more.hidden = next === null;
}

/** The button of a book's row for an action, "edit" or "delete". Null if the book is not listed. */
function button(id, action) {
  return shelf.querySelector(`[data-id="${id}"] [data-action=${action}]`);
}

function row(book) {
  const when = new Date(book.updated_at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const changed = `${book.updated_by ?? "someone"}, ${when}`;
  const cover = book.cover_type
    && element("img", { class: "cover", src: `${API}/${book.id}/cover?version=${book.version}`, alt: `Cover of ${book.title}` });
  return element("tr", { "data-id": book.id },
    element("td", { "data-label": "Cover" }, cover),
    element("td", { "data-label": "Title" }, book.title),
    element("td", { "data-label": "Author" }, book.author),
    element("td", { "data-label": "Year" }, String(book.year ?? "")),
    element("td", { "data-label": "Last change" }, element("span", { class: "muted" }, changed)),
    element("td", { class: "actions" },
      element("button", { class: "quiet", "data-action": "edit", "aria-label": `Edit ${book.title}`, onclick: () => edit(book) }, "Edit"),
      element("button", { class: "quiet", "data-action": "delete", "aria-label": `Delete ${book.title}`, onclick: (event) => remove(book, event.target) }, "Delete")));
}

/** Fills the form with a book, or empties it for a new one (null). */
function edit(book) {
  form.reset();
  for (const name of ["title", "author", "year", "isbn"]) form.elements[name].value = book?.[name] ?? "";
  cancel.hidden = !book;
  savesTo(book);
  if (book) form.elements.title.focus();
}

/** The form keeps its text, and Save replaces this book, or adds one (null). */
function savesTo(book) {
  editing = book;
  document.getElementById("editor-title").textContent = book ? `Edit “${book.title}”` : "Add a book";
}

function written() {
  const text = (name) => form.elements[name].value.trim();
  const year = text("year");
  const book = { title: text("title"), author: text("author") };
  // A year that is not a number is sent as text, so that the API's message explains the error.
  if (year) book.year = /^-?\d+$/.test(year) ? Number(year) : year;
  if (text("isbn")) book.isbn = text("isbn");
  return editing ? { ...book, version: editing.version } : book;
}

async function save() {
  const [image] = form.elements.cover.files;
  const saved = editing
    ? await call(`${API}/${editing.id}`, "PUT", written())
    : await call(API, "POST", written());
  books.set(saved.id, saved);
  render();
  if (image) await upload(saved, image);
  say(`Saved “${saved.title}”.`);
  edit(null);
}

/** Sends the cover of a book that was just saved. If the API refuses the image, the form edits the saved book. */
async function upload(book, image) {
  try {
    books.set(book.id, await call(`${API}/${book.id}/cover?version=${book.version}`, "PUT", image));
    render();
  } catch (problem) {
    edit(book);
    say(`Saved “${book.title}” without its cover.`, "error");
    problem.field = "cover";
    throw problem;
  }
}

async function remove(book, pressed) {
  if (!await confirmed(book)) return;
  await guarded(pressed, async () => {
    await call(`${API}/${book.id}?version=${book.version}`, "DELETE");
    books.delete(book.id);
    if (editing?.id === book.id) edit(null);
    say(`Deleted “${book.title}”.`);
    render();
  }, async (problem) => {
    const latest = await latestOf(book);
    if (editing?.id === book.id) savesTo(latest);
    if (!latest) return say(`Somebody else has already deleted “${book.title}”.`);
    say([problem.message, "Somebody changed this book after this page listed it. The list now shows their version. If you still "
      + "want to delete the book, delete it again."], "error");
  });
}

/** Asks whether to delete a book. Afterwards the browser returns the focus to the button that was pressed. */
function confirmed(book) {
  document.getElementById("deletion-title").textContent = `Delete “${book.title}”?`;
  deletion.returnValue = "";
  deletion.showModal();
  return new Promise((resolve) => {
    deletion.addEventListener("close", () => resolve(deletion.returnValue === "delete"), { once: true });
  });
}

/** Runs one action of a button at a time and shows its error. `outdated` handles a 404 and a 409 about a listed book. */
async function guarded(pressed, action, outdated = null) {
  // With `disabled`, the button would lose the focus.
  if (pressed.hasAttribute("aria-disabled")) return;
  pressed.setAttribute("aria-disabled", "true");
  try {
    hush();
    await action();
  } catch (error) {
    await explain(error, outdated).catch(explain);
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
}

async function explain(problem, outdated = null) {
  if (!(problem instanceof Problem)) throw problem;
  if (outdated && [404, 409].includes(problem.status)) return outdated(problem);
  const input = problem.field && form.elements[problem.field];
  if (input) complain(input, problem.message);
  else say(problem.message, "error");
}

/** The latest version of a book, which the list then shows. Null if somebody deleted the book: it leaves the list. */
async function latestOf(book) {
  try {
    books.set(book.id, await call(`${API}/${book.id}`));
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    books.delete(book.id);
  }
  render();
  return books.get(book.id) ?? null;
}

/** Somebody else changed or deleted the book in the form. The form keeps this user's text. */
async function overtaken(problem) {
  if (!editing) return explain(problem);
  savesTo(await latestOf(editing));
  if (editing) {
    say([problem.message, "Somebody changed this book after you opened it. The list now shows their version, and the form still "
      + "has your text. Save again to replace their version, or cancel to keep it."], "error");
  } else {
    say("Somebody deleted this book after you opened it. The form still has your text. Save it as a new book, or cancel.", "error");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(form.querySelector("[type=submit]"), save, overtaken);
});
cancel.addEventListener("click", () => {
  const left = editing;
  hush();
  edit(null);
  (button(left?.id, "edit") ?? form.elements.title).focus();
});
more.addEventListener("click", () => guarded(more, load));
await guarded(more, load);
