import { el } from "./dom.js";

const CLASSES = { "2xx": "Success", "3xx": "Redirect", "4xx": "The viewer's error", "5xx": "The server's error" };

/** The form that filters the list by path, status and function. `onchange` is called with a predicate. */
export class Filter {
  #form;
  #statuses = new Set();
  #functions = new Set();

  constructor(form, onchange) {
    this.#form = form;
    for (const [value, name] of Object.entries(CLASSES)) form.status.append(el("option", { value }, `${value} ${name}`));
    form.addEventListener("input", () => onchange(this.admits));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => onchange(this.admits)));
  }

  /** Offers the statuses and functions of these requests. */
  learn(requests) {
    for (const { status, functions } of requests) {
      this.#offer(this.#form.status, this.#statuses, String(status));
      for (const name of functions) this.#offer(this.#form.elements.function, this.#functions, name);
    }
  }

  get isOn() {
    return [...new FormData(this.#form).values()].some(Boolean);
  }

  /** Whether a request passes the filter as it now is. A `*` in the path stands for any text. */
  get admits() {
    const { path, status, function: name } = Object.fromEntries(new FormData(this.#form));
    const parts = path.trim().toLowerCase().split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(parts.join(".*"));
    return (request) =>
      pattern.test(request.target.toLowerCase()) &&
      (!status || status === String(request.status) || status === `${Math.floor(request.status / 100)}xx`) &&
      (!name || request.functions.includes(name));
  }

  focus() {
    this.#form.path.select();
  }

  clear() {
    this.#form.reset();
  }

  #offer(select, known, value) {
    if (known.has(value)) return;
    known.add(value);
    const after = [...select.options].find((option) => option.dataset.seen && option.value > value);
    select.insertBefore(el("option", { value, "data-seen": "yes" }, value), after ?? null);
  }
}
