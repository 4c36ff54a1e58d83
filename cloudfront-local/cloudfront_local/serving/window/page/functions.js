import { json, sideBySide } from "./changes.js";
import { code, el } from "./dom.js";
import { plural, time } from "./format.js";

const KINDS = { lambda: "Lambda@Edge", cloudfront: "CloudFront Function" };

/** One function's call: its event and result side by side, with its changes marked, and its log lines. `save` is the button that
 * saves the event. */
export function called(each, save) {
  const facts = [KINDS[each.kind], time(each.milliseconds), each.utilization != null && `compute utilization about ${each.utilization} %`];
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

/** The part of the event that the function may change stands beside the result; other results stand beside the event. */
function compared({ event, event_type: eventType, result, error }) {
  const shown = event.Records?.[0]?.cf ?? event;
  const isResponse = eventType.endsWith("response");
  const part = isResponse ? "response" : "request";
  const changed = result?.request ?? result?.response ?? result;
  if (error || result == null) return json(shown, "Event");
  if (!isResponse && ("status" in changed || "statusCode" in changed)) {
    return el("div", { class: "pair" }, json(shown, "Event"), json(changed, "Result: a response of its own"));
  }
  return sideBySide(shown[part], changed, [`Event: ${part}`, "Result"]);
}

function source({ file, line, link }) {
  const place = line ? `${file}:${line}` : file;
  return link ? el("a", { href: link, class: "mono" }, place) : code(place);
}
