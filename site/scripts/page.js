// What every page needs: elements, and messages that a screen reader announces.

/** An element with attributes and children; text stays text, whatever it holds. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** Shows one message in place of the last: paragraphs of text, `kind` "error" or "" */
export function say(paragraphs, kind = "") {
  const shown = [paragraphs].flat().map((text) => element("p", {}, text));
  document.getElementById("message").replaceChildren(element("div", { class: `message ${kind}` }, ...shown));
}

export function hush() {
  document.getElementById("message").replaceChildren();
}

/** Fetches on this distribution; a failure to connect is an error of the same shape as the API's. */
export async function ask(path, options = {}) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Problem({ status: 0, detail: "The distribution did not answer. Is it still running?" });
  }
}

/** An answer that is no success: RFC 9457's problem details, or what can be told without. */
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
