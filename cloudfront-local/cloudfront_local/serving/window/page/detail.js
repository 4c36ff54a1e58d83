import { actions, saveEvent } from "./actions.js";
import { cache } from "./cache.js";
import { el } from "./dom.js";
import { bytes, clock, kind, time } from "./format.js";
import { called, log } from "./functions.js";
import { edits, message } from "./messages.js";
import { originName, verdict } from "./verdict.js";
import { way } from "./way.js";

/** The page of one request. `page` is what the actions may do with the window. */
export function detail(request, page) {
  const parts = [];
  const stations = {};
  const part = (id, title, names, ...children) => {
    for (const name of names) stations[name] = id;
    parts.push(el("section", { class: "part", id, tabindex: "-1", "aria-labelledby": `${id}-title` }, el("h3", { id: `${id}-title` }, title), el("div", { class: "card" }, children)));
  };
  if (request.cache) part("cache", "Cache", ["cache"], cache(request.cache));
  request.functions.forEach((each, at) => part(`function-${at}`, `${each.name} at ${each.event_type}`, [each.event_type], called(each, saveEvent(request, at, page.say))));
  if (request.origin) part("at-origin", `Origin ${originName(request.origin)}`, ["origin"], origin(request));
  part("viewer", "Viewer", ["behavior", "signature", "policy"], viewer(request));
  if (request.remarks.length) part("terminal", "In the terminal", [], log(request.remarks, "Lines of the terminal"));
  return [head(request, page), ...actions(request, page), el("div", { class: "verdict" }, verdict(request)), el("div", { class: "card drawing" }, way(request, stations)), ...parts];
}

function head(request, page) {
  const facts = [clock(request.at), time(request.milliseconds), bytes(request.bytes), request.behavior && `behavior ${request.behavior}`, page.several && request.distribution, request.replay_of && "a replay", request.viewer && `viewer ${request.viewer}`].filter(Boolean);
  return el(
    "header",
    { class: "head" },
    el("h2", { tabindex: "-1" }, el("span", { class: "status", "data-class": Math.floor(request.status / 100) }, String(request.status)), " ", request.method, " ", el("span", { class: "target" }, request.target)),
    el("p", { class: "muted" }, el("span", { class: "chip", "data-kind": kind(request.result) }, request.result), " ", facts.map((fact, at) => [at > 0 && " · ", el("span", { class: "fact" }, fact)])),
  );
}

const first = ({ method, target }) => `${method} ${target}`;
const status = ({ status: number, reason }) => `${number} ${reason}`;

function origin({ origin: { domain_name: name, milliseconds, request, response }, to_origin: toOrigin }) {
  return [
    el("p", { class: "muted" }, `${name} · ${time(milliseconds)}`),
    edits("On the way to the origin, CloudFront changed", toOrigin),
    el("div", { class: "pair" }, message("Request to the origin", first(request), request), response && message("Response of the origin", status(response), response)),
  ];
}

function viewer({ request, response, to_viewer: toViewer }) {
  return [
    edits("On the way back to the viewer, CloudFront changed", toViewer),
    el("div", { class: "pair" }, message("Request of the viewer", first(request), request), message("Response to the viewer", status(response), response)),
  ];
}
