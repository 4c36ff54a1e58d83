import { json, sideBySide } from "./changes.js";
import { same } from "./diff.js";
import { code, el } from "./dom.js";
import { plural, time } from "./format.js";

const KINDS = { lambda: "Lambda@Edge", cloudfront: "CloudFront Function" };

/** One function's call: its event and result side by side, with its changes marked, and its log lines. `save` is the button that
 * saves the event. */
export function called(each, save) {
  const { before, after } = sides(each);
  const utilization = each.utilization != null && `compute utilization about ${each.utilization} %`;
  const facts = [KINDS[each.kind], time(each.milliseconds), utilization, after && same(before, after) && "changed nothing"];
  return [
    el("div", { class: "strip" }, el("p", { class: "muted" }, facts.filter(Boolean).join(" · "), each.source && [" · ", source(each.source)]), save),
    each.violations.map(({ rule, field }) => el("p", { class: "broke" }, "Breaks the rule ", code(rule), " at ", code(field), ".")),
    compared(each),
    each.log.length > 0 && log(each.log, `Log of ${each.name}`),
  ];
}

export function log(lines, title) {
  return el("figure", { class: "log" }, el("figcaption", {}, plural(lines.length, "line"), " of log"), el("pre", { tabindex: "0", role: "group", "aria-label": title }, lines.join("\n")));
}

/** The part of the event that the function may change, and its result without the envelope; no result if it failed. */
function sides({ event, event_type: eventType, result, error }) {
  const part = eventType.endsWith("response") ? "response" : "request";
  return { part, before: (event.Records?.[0]?.cf ?? event)[part], after: error ? null : (result?.request ?? result?.response ?? result) };
}

/** A changed request or response stands beside the one of the event; a response of the function's own beside the event. */
function compared(each) {
  const { part, before, after } = sides(each);
  const event = each.event.Records?.[0]?.cf ?? each.event;
  if (after == null) return json(event, "Event");
  if (part === "request" && ("status" in after || "statusCode" in after)) {
    return el("div", { class: "pair" }, json(event, "Event"), json(after, "Result: a response of its own"));
  }
  return sideBySide(before, after, [`Event: ${part}`, "Result"]);
}

function source({ file, line, link }) {
  const place = line ? `${file}:${line}` : file;
  return link ? el("a", { href: link, class: "mono" }, place) : code(place);
}
