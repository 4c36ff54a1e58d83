import { code, el } from "./dom.js";

/** What went wrong with a request, with the rule or the reason and what to do; or else how it was answered. */
export function verdict(request) {
  const found = [
    ...request.functions.flatMap((each) => each.violations.map((violation) => broken(each, violation))),
    ...request.functions.filter((each) => each.error).map(failed),
    request.origin?.reason && refused(request),
  ].filter(Boolean);
  const notes = (request.notes ?? []).map((note) => el("p", { class: "muted" }, note));
  return [...(found.length ? found : [answered(request)]), ...notes];
}

function broken({ name, event_type: eventType }, violation) {
  const facts = [
    ["Rule", code(violation.rule)],
    ["Field", code(violation.field)],
    ["Found", code(violation.found)],
    ["Allowed", violation.allowed],
  ];
  return problem(
    `CloudFront refused the result of ${name} (${eventType}) with ${violation.status}`,
    el("p", { class: "sentence" }, violation.sentence),
    el("dl", { class: "facts" }, facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value)))),
    advice(violation.advice),
  );
}

function failed({ name, event_type: eventType, error }) {
  return problem(
    `${name} (${eventType}) failed: ${error.message}`,
    error.detail && el("pre", { tabindex: "0", role: "group", "aria-label": "Details of the failure" }, error.detail),
  );
}

function refused({ origin }) {
  const happened = origin.response ? `answered with ${origin.response.status}` : "gave no answer";
  return problem(`The origin ${originName(origin)} ${happened}`, el("p", { class: "lines" }, origin.reason));
}

export const originName = ({ id, domain_name: name }) => id ?? name;

const problem = (title, ...children) => el("section", { class: "problem" }, el("h3", {}, title), children);
const advice = (text) => text && el("p", { class: "advice" }, el("b", {}, "What to do: "), text);

function answered(request) {
  const last = request.stations.findLast((station) => station.outcome !== "passed");
  if (last?.outcome === "failed") return problem(`The request failed at ${last.name} with ${request.status}`, el("p", {}, last.summary));
  const ended = last && `The request ended at ${last.name}: ${last.summary} answered.`;
  return el("p", { class: "answered" }, request.cache?.reason ?? ended ?? "");
}
