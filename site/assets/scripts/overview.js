// Shows CloudFront's headers in the response to a second request for the overview page.
import { ask } from "./page.js";

const show = (id, text) => { document.getElementById(id).textContent = text; };

show("host", location.host);

const page = await ask("/", { method: "HEAD" }).catch(() => null);
show("cache", page?.headers.get("x-cache") ?? "unknown");
show("pop", page?.headers.get("x-amz-cf-pop") ?? "unknown");
