import * as api from "./api.js";
import { detail } from "./detail.js";
import { el } from "./dom.js";
import { Filter } from "./filter.js";
import { plural, time } from "./format.js";
import { List } from "./list.js";
import { behaviors, nothingPasses, nothingYet } from "./welcome.js";

const part = (id) => document.getElementById(id);
const NEWS_EVERY = 3000; // milliseconds between two announcements of new requests
const TITLE = document.title;
const STATES = { open: "Live", waiting: "Connecting", closed: "Not running" };

let distributions = [];
let secrets = false;
let shown = null; // the id of the request in the detail
let news = [];

/** What a person must know of a request before its path. */
const tags = (request) => [several() && request.distribution, request.replay_of && "replay"].filter(Boolean);
const list = new List(part("rows"), show, tags);
const filter = new Filter(part("filter"), (admits) => {
  list.filter(admits);
  count();
});

/** What the actions may do with the page. */
const page = {
  say,
  open,
  back,
  get several() {
    return several();
  },
  get secrets() {
    return secrets;
  },
  async toggleSecrets() {
    secrets = !secrets;
    await show(list.selected);
    part("detail").querySelector("[aria-pressed]")?.focus();
  },
};

async function show(id) {
  const isOther = shown !== id;
  shown = id;
  document.body.dataset.view = id ? "detail" : "list";
  remember(id, isOther);
  if (!id) {
    document.title = TITLE;
    return part("detail").replaceChildren(...behaviors(distributions));
  }
  try {
    const request = await api.request(id, secrets);
    if (id !== list.selected) return; // Another one was chosen meanwhile.
    part("detail").replaceChildren(...detail(request, page));
    if (isOther) part("detail").scrollTop = 0;
    document.title = `${request.status} ${request.method} ${request.target} · cloudfront-local`;
  } catch (error) {
    part("detail").replaceChildren(el("p", { class: "problem" }, error.message));
    document.title = TITLE;
  }
}

function several() {
  return distributions.length > 1;
}

/** Puts a request into the address. From the list to a request is a step that the browser's Back takes back. */
function remember(id, isOther) {
  const search = id ? `?request=${encodeURIComponent(id)}` : "";
  if (location.search === search) return;
  if (id && isOther && !location.search) history.pushState(null, "", search);
  else history.replaceState(null, "", search || "./");
}

/** Goes to a request, which may not be in the list yet. */
async function open(id) {
  if (filter.isOn) filter.clear();
  await list.select(id);
  part("detail").querySelector("h2")?.focus();
}

function back() {
  list.select(null);
  list.focus();
}

function learned(requests) {
  filter.learn(requests);
  count();
}

function count() {
  const [all, passing] = [list.requests.length, list.shown.length];
  part("count").textContent = all === passing ? plural(all, "request") : `${passing} of ${plural(all, "request")}`;
  part("empty").hidden = passing > 0;
  part("empty").replaceChildren(...(all ? nothingPasses(() => filter.clear()) : nothingYet(distributions[0].url)));
}

/** Tells a screen reader of new requests: the newest of them, and how many there were. */
function announce() {
  if (!news.length) return;
  const { status, method, target, milliseconds } = news.at(-1);
  part("news").textContent = `${plural(news.length, "new request")}: ${status} ${method} ${target}, ${time(milliseconds)}`;
  news = [];
}

let silence;
function say(text) {
  part("toast").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => part("toast").replaceChildren(), 6000);
}

distributions = await api.distributions();
part("distribution").replaceChildren(...distributions.flatMap(({ url, id }) => [el("a", { href: url }, url), ` ${id} `]));
api.follow(
  (requests) => {
    learned(list.replace(requests));
    if (list.selected !== null && !list.requests.some(({ id }) => id === list.selected)) list.select(null); // of an earlier start
    if (list.selected === null) list.select(new URLSearchParams(location.search).get("request"));
  },
  (request) => {
    news.push(request);
    learned(list.add([request], { fresh: true }));
  },
  (state) => {
    part("live").dataset.state = state;
    part("live").textContent = STATES[state];
  },
);
setInterval(announce, NEWS_EVERY);

window.addEventListener("popstate", () => list.select(new URLSearchParams(location.search).get("request")));

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    if (document.body.dataset.view === "detail" && !part("filter").checkVisibility()) back();
    filter.focus();
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (typing || event.target === part("rows")) filter.clear();
    list.focus();
    if (!typing && !part("rows").checkVisibility()) back();
  } else if (event.key === "Enter" && event.target === part("rows")) {
    part("detail").querySelector("h2")?.focus();
  } else if (event.target === document.body) {
    list.move(event);
  }
});
