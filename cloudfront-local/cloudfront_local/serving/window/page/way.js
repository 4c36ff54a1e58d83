import { el, hidden } from "./dom.js";
import { time } from "./format.js";

// In the order of the way, with the column of each in the drawing. The way turns at the last one that it reaches.
const OUTWARD = { behavior: 2, signature: 3, "viewer-request": 4, cache: 5, "origin-request": 6, origin: 7 };
const BACK = { "origin-response": 6, policy: 4, "viewer-response": 3 };
const OUTCOMES = { answered: "It answered.", failed: "It failed." };

/** Draws the stations that a request passed, there and back, with the time of each. Other stations are dim.
 * `sections` are the ids of the parts of the page that explain a station, by its name. */
export function way(request, sections) {
  const passed = new Map();
  for (const station of request.stations) passed.set(station.name, again(passed.get(station.name), station));
  const turn = Math.max(2, ...[...passed.keys()].map((name) => OUTWARD[name] ?? BACK[name] ?? 0));
  const failed = request.status >= 400 && request.stations.some((station) => station.outcome === "failed");
  const stations = [...Object.keys(OUTWARD), ...Object.keys(BACK)].map((name) => {
    const station = passed.get(name);
    return station ? stop(station, sections[name], request.milliseconds) : unreached(name);
  });
  const drawing = el(
    "div",
    { class: "way" },
    el("div", { class: "rail", "aria-hidden": "true" }),
    el("div", { class: "rail passed", "data-turn": turn, "data-failed": String(failed), "aria-hidden": "true" }),
    el("span", { class: "viewer", "aria-hidden": "true" }, "viewer"),
    el("span", { class: "viewer answer", "aria-hidden": "true" }, String(request.status)),
    el("ol", { "aria-label": "Stations of the request" }, stations),
  );
  const shares = request.stations.map((station) => share(station, request.milliseconds));
  return [drawing, el("div", { class: "timeline", "aria-hidden": "true" }, shares)];
}

/** A station that may have been passed before: an origin group asks two origins, an error page has a way of its own. */
function again(before, station) {
  if (!before) return station;
  const summary = before.summary === station.summary ? station.summary : `${before.summary}, then ${station.summary}`;
  return { ...station, summary, started: before.started, milliseconds: before.milliseconds + station.milliseconds };
}

function stop(station, section, total) {
  const name = section ? el("a", { href: `#${section}` }, station.name) : station.name;
  return el(
    "li",
    { "data-name": station.name, "data-outcome": station.outcome },
    el("b", {}, name),
    el("span", { class: "took" }, time(station.milliseconds)),
    el("span", { class: "what", title: station.summary }, breakable(station.summary)),
    OUTCOMES[station.outcome] && hidden(` ${OUTCOMES[station.outcome]}`),
    share(station, total),
  );
}

/** A text whose lines may break inside a name like MyFunction. */
const breakable = (text) => text.split(/(?<=[a-z])(?=[A-Z])/).map((part, at) => [at > 0 && el("wbr"), part]);

/** A station's part of the whole time, as a bar. */
function share({ name, started, milliseconds }, total) {
  const bar = el("span", { class: "share", "aria-hidden": "true", "data-name": name, title: `${name}: ${time(milliseconds)}` });
  bar.style.setProperty("--from", total ? Math.min(1, started / total) : 0);
  bar.style.setProperty("--share", total ? Math.min(1, milliseconds / total) : 0);
  return bar;
}

const unreached = (name) => el("li", { "data-name": name, class: "unreached", "aria-hidden": "true" }, el("b", {}, name));
