// Shows the user's name and country, as the API behind the signer sees them, at the top of the overview.
import { ask, element } from "./page.js";

const user = element("span", { id: "user", role: "status" }, "…");
const country = element("span", { id: "country", role: "status" }, "…");
document.querySelector("dl.facts").prepend(
  element("dt", {}, "Signed in as"), element("dd", {}, user),
  element("dt", {}, "Your country"), element("dd", {}, country),
);

const answer = await ask("/api/me").catch(() => null);
const me = answer?.ok ? await answer.json() : null;
user.textContent = me ? me.user ?? "nobody" : "unknown, because the API did not answer";
country.textContent = me?.country ? new Intl.DisplayNames(["en"], { type: "region" }).of(me.country) : "unknown";
