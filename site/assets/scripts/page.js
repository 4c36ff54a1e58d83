// Shared by all pages: creates elements, shows messages that a screen reader announces, and sends requests.

/** Creates an element with attributes and children. A string becomes text, never HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** Shows a message in place of the last one. `paragraphs` is a text or a list of texts, `kind` is "error" or "". */
export function say(paragraphs, kind = "") {
  const shown = [paragraphs].flat().map((text) => element("p", {}, text));
  document.getElementById("message").replaceChildren(element("div", { class: `message ${kind}` }, ...shown));
}

/** Shows an error below its field, and moves the focus there. The field's aria-describedby names the error's element. */
export function complain(input, text) {
  document.getElementById(`${input.id}-error`).textContent = text;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

/** Removes the message and the errors of all fields. */
export function hush() {
  document.getElementById("message").replaceChildren();
  for (const input of document.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    document.getElementById(`${input.id}-error`).textContent = "";
  }
}

/** Fetches a path of this distribution. Throws a Problem if the distribution does not answer. */
export async function ask(path, options = {}) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Problem({ status: 0, detail: "The distribution did not answer. Is it still running?" });
  }
}

/** An error response: its problem details (RFC 9457), or its status if it has none. */
export class Problem extends Error {
  constructor(details) {
    super(details.detail || details.message || details.title || `HTTP ${details.status}`);
    this.status = details.status;
    this.field = details.field;
    this.details = details;
  }

  static async of(response) {
    const type = response.headers.get("content-type") || "";
    const details = type.includes("json") ? await response.json().catch(() => ({})) : {};
    return new Problem({ title: `HTTP ${response.status} ${response.statusText}`.trim(), ...details, status: response.status });
  }
}
