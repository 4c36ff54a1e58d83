// Shows the GitHub user named in the query string. A viewer controls the query string, so the page inserts the name as text
// and encodes it in GitHub's URL.
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
  if (!name) return say("The URL has no name. Add ?name=octocat to it, or use the form.", "error");
  let response;
  try {
    response = await fetch(`https://api.github.com/users/${encodeURIComponent(name)}`, { signal: AbortSignal.timeout(8000) });
  } catch {
    return say(`GitHub could not be reached, so this page cannot show “${name}”. Try again later.`, "error");
  }
  if (response.status === 404) return say(`GitHub has no user “${name}”.`, "error");
  if (!response.ok) return say(`GitHub answered with the status ${response.status}, so this page cannot show “${name}”.`, "error");
  return present(await response.json());
}

await look();
