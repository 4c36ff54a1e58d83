// Shows the user's name, as the API behind the signer sees it, at the top of the overview.
import { ask, element } from "./page.js";

const user = element("dd", { id: "user", role: "status" }, "…");
document.querySelector("dl.facts").prepend(element("dt", {}, "Signed in as"), user);

const me = await ask("/api/me").catch(() => null);
user.textContent = me?.ok ? (await me.json()).user ?? "nobody" : "unknown, because the API did not answer";
