import { code, el, hidden } from "./dom.js";
import { duration, kind } from "./format.js";

/** Hit or miss and why: the key part by part beside the nearest kept object, and what decided the TTL. */
export function cache({ result, reason, key, nearest, ttl }) {
  return [
    el("p", { class: "reason" }, el("span", { class: "chip", "data-kind": kind(result) }, result), " ", reason),
    key.length > 0 && keys(key, nearest),
    ttl && el("p", {}, el("b", {}, `TTL ${duration(ttl.seconds)}. `), ttl.sentence, ttl.decided_by && !ttl.sentence.includes(ttl.decided_by) && [" Decided by ", code(ttl.decided_by), "."]),
  ];
}

function keys(key, nearest) {
  const heads = ["Part of the cache key", "This request", nearest && "Nearest kept object"].filter(Boolean);
  const row = ({ part, value, nearest: other, differs }) =>
    el(
      "tr",
      { "data-differs": String(Boolean(nearest && differs)) },
      el("th", { scope: "row" }, part),
      el("td", {}, shown(value), nearest && differs && hidden(" differs")),
      nearest && el("td", {}, shown(other)),
    );
  return el(
    "table",
    { class: "keys" },
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, key.map(row)),
  );
}

const shown = (value) => (value == null || value === "" ? el("span", { class: "muted" }, "absent") : code(value));
