import { el } from "./dom.js";
import { kind, time } from "./format.js";

const KEPT = 1000;
const MOVES = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 10,
  PageUp: (at) => at - 10,
  Home: () => 0,
  End: () => Infinity,
};

/** The list of requests, the newest first: a listbox. `onselect` is called with the id of a row. `tags(request)` gives the
 * words before a request's path. */
export class List {
  #element;
  #onselect;
  #tags;
  #requests = new Map(); // by id, the oldest first
  #options = new Map();
  #filter = () => true;
  selected = null;

  constructor(element, onselect, tags) {
    this.#element = element;
    this.#onselect = onselect;
    this.#tags = tags;
    element.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.select(row.dataset.id);
    });
    element.addEventListener("keydown", (event) => this.move(event));
  }

  get requests() {
    return [...this.#requests.values()];
  }

  get shown() {
    return this.requests.reverse().filter(this.#filter);
  }

  /** Adds requests, the oldest first. Those that are known are left as they are. */
  add(requests, { fresh = false } = {}) {
    const unknown = requests.filter((request) => !this.#requests.has(request.id)).slice(-KEPT);
    const rows = unknown.map((request) => this.#row(request, fresh));
    this.#element.prepend(...rows.reverse());
    for (const id of [...this.#requests.keys()].slice(0, Math.max(0, this.#requests.size - KEPT))) this.#remove(id);
    this.#mark();
    return unknown;
  }

  /** Shows these requests alone. */
  replace(requests) {
    const kept = new Set(requests.map((request) => request.id));
    for (const id of [...this.#requests.keys()].filter((id) => !kept.has(id))) this.#remove(id);
    return this.add(requests);
  }

  filter(admits) {
    this.#filter = admits;
    for (const [id, request] of this.#requests) this.#options.get(id).hidden = !admits(request);
  }

  /** Selects a request, or none (null). Returns what `onselect` returns. */
  select(id) {
    this.#options.get(this.selected)?.setAttribute("aria-selected", "false");
    this.selected = id;
    this.#mark()?.scrollIntoView({ block: "nearest" });
    return this.#onselect(id);
  }

  /** Obeys a key that moves the selection. */
  move(event) {
    const step = MOVES[event.key];
    const shown = this.shown;
    if (!step || !shown.length || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = shown.findIndex((request) => request.id === this.selected);
    const to = at < 0 ? 0 : Math.max(0, Math.min(step(at), shown.length - 1));
    this.select(shown[to].id);
  }

  focus() {
    this.#element.focus();
  }

  /** Marks the row of the selected request, if it is in the list. Returns the row. */
  #mark() {
    const row = this.#options.get(this.selected);
    row?.setAttribute("aria-selected", "true");
    if (row) this.#element.setAttribute("aria-activedescendant", row.id);
    else this.#element.removeAttribute("aria-activedescendant");
    return row;
  }

  #row(request, fresh) {
    const status = Math.floor(request.status / 100);
    const row = el(
      "div",
      { class: fresh ? "row new" : "row", role: "option", id: `row-${request.number}`, "aria-selected": "false", "data-id": request.id },
      el("span", { class: "status", "data-class": status }, String(request.status)),
      el("span", { class: "method" }, request.method),
      el("span", { class: "target", title: request.target }, this.#tags(request).map((tag) => el("span", { class: "tag" }, tag)), request.target),
      el("span", { class: "result" }, el("span", { class: "chip", "data-kind": kind(request.result), title: request.result }, request.result)),
      el("span", { class: "time" }, time(request.milliseconds)),
    );
    row.hidden = !this.#filter(request);
    this.#requests.set(request.id, request);
    this.#options.set(request.id, row);
    return row;
  }

  #remove(id) {
    this.#options.get(id).remove();
    this.#options.delete(id);
    this.#requests.delete(id);
  }
}
