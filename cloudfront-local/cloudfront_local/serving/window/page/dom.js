/** Makes an element. What comes from requests becomes text or an attribute's value here, never markup.
 * An attribute `onclick` is a listener; `true` an attribute without value; null and false leave it out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null && child !== false && child !== ""));
  return made;
}

/** Text for screen readers alone. */
export const hidden = (text) => el("span", { class: "hidden" }, text);

export const code = (text) => el("code", {}, text);
