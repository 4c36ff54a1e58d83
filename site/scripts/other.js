// The GitHub user named in the address. The query string is the viewer's: it reaches the page as text and GitHub encoded.
import { element, hush, say } from "./page.js";

const FACTS = { Name: "name", Location: "location", Company: "company", "Public repositories": "public_repos", Followers: "followers" };

const name = new URLSearchParams(location.search).get("name")?.trim();

function present(user) {
  document.getElementById("person-name").textContent = user.login;
  const facts = Object.entries(FACTS).filter(([, key]) => user[key] !== null && user[key] !== undefined && user[key] !== "");
  document.querySelector("#person dl").replaceChildren(
    ...facts.flatMap(([label, key]) => [element("dt", {}, label), element("dd", {}, String(user[key]))]));
  document.getElementById("person").hidden = false;
  hush();
}

async function look() {
  if (!name) return say("The address names nobody: add ?name=octocat, or come here by the form.", "error");
  let response;
  try {
    response = await fetch(`https://api.github.com/users/${encodeURIComponent(name)}`, { signal: AbortSignal.timeout(8000) });
  } catch {
    return say(`GitHub could not be reached, so nothing is known of “${name}”. The page itself works.`, "error");
  }
  if (response.status === 404) return say(`GitHub knows nobody called “${name}”.`, "error");
  if (!response.ok) return say(`GitHub answered ${response.status} instead of telling who “${name}” is.`, "error");
  return present(await response.json());
}

await look();
