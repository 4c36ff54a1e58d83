// The files page. It shows each file with its Region and the time it took. `stack files add` stores the Region as metadata.
import { Problem, ask, complain, element, hush } from "./page.js";

const list = document.getElementById("files");

async function show(id) {
  const path = `/files/${encodeURIComponent(id)}`;
  const started = performance.now();
  const response = await ask(path);
  if (!response.ok) throw await Problem.of(response);
  const body = await response.blob();
  const took = performance.now() - started;
  const type = response.headers.get("content-type") ?? "";
  const card = element("li", { class: "card", "data-id": id },
    element("figure", {},
      type.startsWith("image/")
        ? element("img", { src: path, alt: `The image ${id}`, loading: "lazy" })
        : element("p", {}, type.startsWith("text/") ? await body.text() : `${body.size} bytes of ${type}`),
      element("figcaption", {},
        element("dl", { class: "facts" },
          element("dt", {}, "File"), element("dd", {}, element("a", { href: path }, id)),
          element("dt", {}, "Region"), element("dd", { class: "region" }, response.headers.get("x-amz-meta-region") ?? "unknown"),
          element("dt", {}, "Took"), element("dd", {}, `${took.toFixed(0)} ms, ${response.headers.get("x-cache") ?? ""}`)))));
  list.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
  list.prepend(card);
}

async function find(id) {
  hush();
  try {
    await show(id);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    complain(document.getElementById("file-id"), `${id}: ${problem.message}`);
  }
}

/** Shows the file that the address names, such as `/files.html#id=hello`. */
async function findNamed() {
  const id = new URLSearchParams(location.hash.slice(1)).get("id");
  if (id) await find(id);
}

document.getElementById("finder").addEventListener("submit", (event) => {
  event.preventDefault();
  find(new FormData(event.target).get("id").trim());
});
addEventListener("hashchange", findNamed);
await findNamed();
