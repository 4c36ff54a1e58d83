/** Tries all ways that a page has to read from another site's address, or to change something there. Returns those that worked. */
async ([url, id]) => {
  const worked = async (path, options) => {
    try {
      return (await (await fetch(url + path, options)).text()).length > 0;
    } catch {
      return false;
    }
  };
  const those = async (tries) => {
    const names = await Promise.all(tries.map(async ([name, ...rest]) => (await worked(...rest)) && name));
    return names.filter(Boolean);
  };
  const loads = (tag, attributes, read) =>
    new Promise((resolve) => {
      const made = Object.assign(document.createElement(tag), attributes);
      made.onload = () => resolve(read(made));
      made.onerror = () => resolve(false);
      document.body.append(made);
    });
  const paths = ["", "requests", `requests/${id}`, `requests/${id}?secrets=true`, "cache", "distribution", "openapi.json"];
  const replay = `requests/${id}/replay`;
  const marked = { "Content-Type": "application/json", "X-Local-Window": "1" };
  return {
    fetch: await those(paths.flatMap((path) => [[path, path, {}], [`opaque ${path}`, path, { mode: "no-cors" }]])),
    posted: await those([
      ["simple", replay, { method: "POST", body: "{}" }],
      ["opaque", replay, { method: "POST", body: "{}", mode: "no-cors" }],
      ["marked", replay, { method: "POST", body: "{}", headers: marked }],
      ["removal", "invalidations", { method: "POST", body: '{"paths": ["/*"]}', headers: marked }],
    ]),
    streamed: await new Promise((resolve) => {
      const source = new EventSource(`${url}requests/stream`);
      source.onopen = () => resolve(true);
      source.onerror = () => resolve(false);
    }),
    script: await loads("script", { src: `${url}window.js` }, () => true),
    framed: await loads("iframe", { src: url }, (frame) => Boolean(frame.contentDocument?.body.innerText)),
  };
}
