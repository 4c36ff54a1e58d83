// The books page. It shows the API's own error messages.
import { Problem, ask, element, hush, say } from "./page.js";

const API = "/api/books";
const shelf = document.getElementById("shelf");
const form = document.getElementById("editor");
const more = document.getElementById("more");
const books = new Map();
let editing = null;
let next = null;

async function call(path, method = "GET", body = undefined) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  const response = await ask(path, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw await Problem.of(response);
  return response.status === 204 ? null : response.json();
}

async function load() {
  const page = await call(next ? `${API}?next=${encodeURIComponent(next)}` : API);
  for (const book of page.books) books.set(book.id, book);
  next = page.next ?? null;
  render();
}

function render() {
  const listed = [...books.values()].sort((a, b) => a.title.localeCompare(b.title));
  shelf.tBodies[0].replaceChildren(...listed.map(row));
  shelf.hidden = listed.length === 0;
  document.getElementById("empty").hidden = listed.length > 0;
  more.hidden = next === null;
}

function row(book) {
  const when = new Date(book.updated_at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const changed = `${book.updated_by ?? "someone"}, ${when}`;
  return element("tr", { "data-id": book.id },
    element("td", { "data-label": "Title" }, book.title),
    element("td", { "data-label": "Author" }, book.author),
    element("td", { "data-label": "Year" }, String(book.year ?? "")),
    element("td", { "data-label": "Last change" }, element("span", { class: "muted" }, changed)),
    element("td", { class: "actions" },
      element("button", { class: "quiet", "aria-label": `Edit ${book.title}`, onclick: () => edit(book) }, "Edit"),
      element("button", { class: "quiet", "aria-label": `Delete ${book.title}`, onclick: (event) => remove(book, event.target) }, "Delete")));
}

function edit(book) {
  editing = book;
  for (const name of ["title", "author", "year", "isbn"]) form.elements[name].value = book?.[name] ?? "";
  for (const input of form.querySelectorAll("input")) input.removeAttribute("aria-invalid");
  document.getElementById("editor-title").textContent = book ? `Edit “${book.title}”` : "Add a book";
  document.getElementById("cancel").hidden = !book;
  if (book) form.elements.title.focus();
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
  const saved = editing
    ? await call(`${API}/${editing.id}`, "PUT", written())
    : await call(API, "POST", written());
  books.set(saved.id, saved);
  say(`Saved “${saved.title}”.`);
  edit(null);
  render();
}

async function remove(book, button) {
  await guarded(button, async () => {
    await call(`${API}/${book.id}?version=${book.version}`, "DELETE");
    books.delete(book.id);
    if (editing?.id === book.id) edit(null);
    say(`Deleted “${book.title}”.`);
    render();
  });
}

/** Runs an action with its button disabled, and shows the error if it fails. */
async function guarded(button, action) {
  button.disabled = true;
  try {
    hush();
    for (const input of form.querySelectorAll("input")) input.removeAttribute("aria-invalid");
    await action();
  } catch (error) {
    await explain(error);
  } finally {
    button.disabled = false;
  }
}

async function explain(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 409) return conflict(problem);
  say(problem.message, "error");
  const input = problem.field && form.elements[problem.field];
  if (input) {
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }
}

/** Handles a 409: somebody else has changed the book. Loads their version and keeps this user's text in the form. */
async function conflict(problem) {
  say([problem.message, "Somebody changed this book after you opened it. The list now shows their version, and the form still "
    + "has your text. Save again to replace their version, or cancel to keep it."], "error");
  books.clear();
  next = null;
  await load();
  if (editing && books.has(editing.id)) editing = books.get(editing.id);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(event.submitter ?? form.querySelector("[type=submit]"), save);
});
document.getElementById("cancel").addEventListener("click", () => { hush(); edit(null); });
more.addEventListener("click", () => guarded(more, load));
await guarded(more, load);
