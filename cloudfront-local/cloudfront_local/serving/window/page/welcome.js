import { code, el } from "./dom.js";

/** The list before the first request: what to do. */
export function nothingYet(url) {
  return [
    el("h3", {}, "No requests yet"),
    el("p", {}, "Open ", el("a", { href: url, target: "_blank", rel: "noopener" }, url), " in a browser, or send a request from a terminal:"),
    el("pre", {}, `curl -i ${url}`),
    el("p", { class: "muted" }, "Each request appears here as it happens."),
  ];
}

export function nothingPasses(clear) {
  return [el("h3", {}, "No request passes the filter"), el("p", {}, el("button", { type: "button", onclick: clear }, "Clear the filter"))];
}

/** The distributions, while no request is chosen: their behaviors, in the order in which CloudFront tries them. */
export function behaviors(distributions) {
  return [
    el("h2", {}, distributions.length > 1 ? "Behaviors of the distributions" : "Behaviors of the distribution"),
    el("p", { class: "muted" }, "Choose a request in the list to see its way: arrow keys move, / filters, Enter goes to the request, Escape comes back."),
    ...distributions.flatMap((each) => [distributions.length > 1 && el("h3", {}, each.id, " ", el("a", { href: each.url }, each.url)), table(each.behaviors)]),
  ].filter(Boolean);
}

function table(behaviors) {
  const heads = ["Path pattern", "Origin", "Functions"].map((head) => el("th", { scope: "col" }, head));
  const row = ({ path_pattern: pattern, origin_id: origin, functions }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, code(pattern)),
      el("td", {}, origin),
      el("td", {}, Object.entries(functions).map(([event, name]) => el("div", {}, name, " ", el("span", { class: "muted fact" }, event)))),
    );
  return el("div", { class: "card" }, el("table", { class: "keys behaviors" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, behaviors.map(row))));
}
