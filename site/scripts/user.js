// Who you are, as the API behind the signer sees it: the first of the overview's facts.
import { ask, element } from "./page.js";

const user = element("dd", { id: "user", role: "status" }, "…");
document.querySelector("dl.facts").prepend(element("dt", {}, "Signed in as"), user);

const me = await ask("/api/me").catch(() => null);
user.textContent = me?.ok ? (await me.json()).user ?? "nobody" : "unknown: the API did not say";
