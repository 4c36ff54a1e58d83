/** The window's own API. A request that changes something carries a header that no other site's page can send. */
async function ask(path, options = {}) {
  const answer = await fetch(path, options).catch(() => {
    throw new Error("The window does not answer: cloudfront-local has ended, or starts again.");
  });
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 500) || `${path}: status ${answer.status}`);
  return answer;
}

const json = async (path) => (await ask(path)).json();

async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Local-Window": "1" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

const path = (id) => `requests/${encodeURIComponent(id)}`;
const secrets = (shown) => (shown ? "?secrets=true" : "");

export const requests = () => json("requests");
export const request = (id, shown) => json(path(id) + secrets(shown));
export const distributions = () => json("distribution");
export const curl = async (id, shown) => (await ask(`${path(id)}/curl${secrets(shown)}`)).text();
export const replay = (id, viewer) => post(`${path(id)}/replay`, viewer);
export const saveEvent = (id, index) => post(`${path(id)}/events`, { function: index });
export const invalidate = (paths) => post("invalidations", { paths });

/** Calls `onall` with the kept requests, now and whenever the connection opens, and `onnew` with each request that
 * happens after that. `onstate` gets "open", "waiting" or "closed". */
export function follow(onall, onnew, onstate) {
  let early = null; // requests that happen while the kept ones are under way
  const refresh = async () => {
    const mine = (early = []);
    const kept = await requests().catch(() => null); // Without a server, the stream opens again, and then this is called again.
    if (kept) onall(kept);
    if (mine !== early) return; // A later call brings these, too.
    early = null;
    mine.forEach(onnew);
  };
  refresh();
  const source = new EventSource("requests/stream");
  source.addEventListener("open", () => {
    onstate("open");
    refresh();
  });
  source.addEventListener("error", () => onstate(source.readyState === EventSource.CLOSED ? "closed" : "waiting"));
  source.addEventListener("request", ({ data }) => (early ? early.push(JSON.parse(data)) : onnew(JSON.parse(data))));
}
