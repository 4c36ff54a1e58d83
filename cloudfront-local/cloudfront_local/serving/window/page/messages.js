import { code, el, hidden } from "./dom.js";
import { bytes, plural } from "./format.js";

const MARKS = { dropped: "−", added: "+", rewritten: "~" };

/** What CloudFront dropped, added and rewrote of a message's headers. */
export function edits(title, changes) {
  const row = ({ name, kind, before, after, why }) =>
    el(
      "tr",
      { "data-kind": kind },
      el("td", { class: "mark" }, el("span", { "aria-hidden": "true" }, MARKS[kind]), hidden(kind)),
      el("th", { scope: "row" }, code(name)),
      el("td", {}, value(before, after), why && [" ", el("span", { class: "why" }, why)]),
    );
  return el(
    "section",
    { class: "edits" },
    el("h4", {}, title),
    changes.length ? el("table", {}, el("thead", { class: "hidden" }, heads()), el("tbody", {}, changes.map(row))) : el("p", { class: "muted" }, "No header changed."),
  );
}

const heads = () => el("tr", {}, ["Change", "Header", "Value"].map((head) => el("th", { scope: "col" }, head)));

function value(before, after) {
  if (before == null || after == null) return el(before == null ? "ins" : "del", {}, code(after ?? before));
  return [el("del", {}, code(before)), " → ", el("ins", {}, code(after))];
}

/** A request or a response as it was sent: the first line, the headers, the body. */
export function message(title, first, { headers, body }) {
  return el(
    "section",
    { class: "message" },
    el("h4", {}, title),
    el("p", { class: "first mono" }, first),
    el("dl", { class: "headers" }, headers.map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)))),
    body?.bytes > 0 && content(title, body),
  );
}

function content(title, { text, bytes: size, truncated }) {
  if (text == null) return el("p", { class: "muted" }, `A body of ${bytes(size)} that is no text.`);
  const note = truncated ? `The beginning of ${bytes(size)}` : plural(size, "byte");
  return el("figure", { class: "log" }, el("figcaption", {}, note), el("pre", { tabindex: "0", role: "group", "aria-label": `Body: ${title}` }, text));
}
