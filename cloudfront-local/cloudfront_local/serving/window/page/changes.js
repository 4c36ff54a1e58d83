import { el, hidden } from "./dom.js";
import * as diff from "./diff.js";

const AROUND = 2; // unchanged lines that are shown beside a change
const FEWEST = 4; // fewer unchanged lines than these are not worth a button
const SAID = { added: "Added: ", removed: "Removed: ", changed: "Changed: " };

/** Two JSON values side by side, with what differs marked. Long unchanged parts are folded. */
export function sideBySide(before, after, titles) {
  const body = el("tbody");
  for (const part of folded(diff.rows(before, after))) {
    if (part.length === 1) body.append(row(part[0]));
    else body.append(fold(part));
  }
  const heads = titles.map((title) => el("th", { scope: "col" }, title));
  return el("table", { class: "changes" }, el("thead", {}, el("tr", {}, heads)), body);
}

/** One JSON value in lines. */
export function json(value, title) {
  const body = diff.lines(value).map(({ depth, before }) => indented(before, depth));
  return el("figure", { class: "json" }, el("figcaption", {}, title), el("div", { class: "text", tabindex: "0", role: "group", "aria-label": title }, body));
}

/** Groups the rows: each alone, but long runs of the same on both sides together. */
function folded(rows) {
  const near = rows.map((_, at) => rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== "same"));
  const parts = [];
  let run = [];
  const end = () => {
    if (run.length >= FEWEST) parts.push(run);
    else parts.push(...run.map((each) => [each]));
    run = [];
  };
  rows.forEach((each, at) => {
    if (near[at]) {
      end();
      parts.push([each]);
    } else {
      run.push(each);
    }
  });
  end();
  return parts;
}

function fold(rows) {
  const show = el("button", { type: "button", onclick: () => made.replaceWith(...rows.map(row)) }, `Show ${rows.length} unchanged lines`);
  const made = el("tr", { class: "fold" }, el("td", { colspan: "2" }, show));
  return made;
}

function row({ depth, before, after, kind }) {
  return el(
    "tr",
    { "data-kind": kind },
    el("td", { class: "before" }, cell(before, depth, kind === "same" ? "" : "del", SAID[kind])),
    el("td", { class: "after" }, cell(after, depth, kind === "same" ? "" : "ins", SAID[kind])),
  );
}

function cell(text, depth, tag, said) {
  if (!text) return "";
  return tag ? [hidden(said), el(tag, {}, indented(text, depth))] : indented(text, depth);
}

function indented(text, depth) {
  const line = el("span", { class: "line" }, text);
  line.style.setProperty("--depth", depth);
  return line;
}
