// Who you are, as the API behind the signer sees it, and what CloudFront said about this very page.
import { ask } from "./page.js";

const show = (id, text) => { document.getElementById(id).textContent = text; };

show("host", location.host);

const page = await ask("/", { method: "HEAD" }).catch(() => null);
show("cache", page?.headers.get("x-cache") ?? "unknown");
show("pop", page?.headers.get("x-amz-cf-pop") ?? "unknown");

const me = await ask("/api/me").catch(() => null);
const user = me?.ok ? (await me.json()).user : null;
show("user", user ?? "unknown: the API did not say");
