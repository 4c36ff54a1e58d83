import * as api from "./api.js";
import { el } from "./dom.js";
import { plural } from "./format.js";

const DEVICES = { "": "As the request says", desktop: "Desktop", mobile: "Mobile", tablet: "Tablet", "smart-tv": "Smart TV" };

/** A button that does some work, and says what went wrong. `say` shows a text. */
function button(name, say, work, attributes = {}) {
  const onclick = async () => {
    made.disabled = true;
    try {
      await work();
    } catch (error) {
      say(error.message);
    }
    made.disabled = false;
  };
  const made = el("button", { type: "button", onclick, ...attributes }, name);
  return made;
}

/** The way back to the list, and the bar of what can be done with a request. `page` shows things: `say(text)`, `open(id)`, `back()`,
 * `secrets` (whether secrets are shown) and `toggleSecrets()`. */
export function actions(request, page) {
  const replay = async (viewer) => page.open((await api.replay(request.id, viewer)).id);
  const bar = el("div", { class: "actions", role: "toolbar", "aria-label": "Actions" });
  bar.append(
    button("Replay", page.say, () => replay({}), { class: "primary" }),
    button("Replay as…", page.say, () => asViewer(bar, replay, page)),
    button("Copy as curl", page.say, async () => {
      await navigator.clipboard.writeText(await api.curl(request.id, page.secrets));
      page.say(page.secrets ? "Copied the request as a curl command, with its secrets." : "Copied the request as a curl command, without its secrets. Show secrets first to copy them, too.");
    }),
    button("Invalidate path", page.say, async () => {
      const path = request.target.split("?")[0];
      page.say(`Removed ${plural((await api.invalidate([path])).removed, "object")} at ${path} from the cache.`);
    }),
    button("Show secrets", page.say, page.toggleSecrets, { "aria-pressed": String(page.secrets), class: "last" }),
  );
  return [el("button", { type: "button", class: "back", onclick: page.back }, "Back"), bar];
}

/** Saves the event of a request's function, by its index, as a file. */
export const saveEvent = (request, index, say) =>
  button("Save event", say, async () => say(`Saved ${(await api.saveEvent(request.id, index)).files.join(", ")}.`));

/** Asks for another viewer, and replays the request as that viewer. */
function asViewer(bar, replay, page) {
  const devices = Object.entries(DEVICES).map(([value, name]) => el("option", { value }, name));
  const form = el(
    "form",
    {},
    el("h3", {}, "Replay as another viewer"),
    el("label", {}, "Country (two letters, such as NZ)", el("input", { name: "country", pattern: "[A-Za-z]{2}", maxlength: "2", autocomplete: "off" })),
    el("label", {}, "Device", el("select", { name: "device" }, devices)),
    el("label", { class: "check" }, el("input", { name: "cookieless", type: "checkbox" }), "Without cookies"),
    el("p", { class: "error", role: "alert" }),
    el("div", { class: "actions" }, el("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), el("button", { class: "primary" }, "Replay")),
  );
  const dialog = el("dialog", { "aria-label": "Replay as another viewer" }, form);
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { country, device, cookieless } = Object.fromEntries(new FormData(form));
    try {
      await replay({ country: country.toUpperCase() || null, device: device || null, cookies: !cookieless });
      dialog.close();
    } catch (error) {
      form.querySelector(".error").textContent = error.message;
    }
  });
  bar.append(dialog);
  dialog.showModal();
}
