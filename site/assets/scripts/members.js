// Shows who is signed in. No script can read the session's cookie, so sign-in answers /members/me.
const show = (id, text) => { document.getElementById(id).textContent = text; };

const answer = await fetch("/members/me").catch(() => null);
if (answer?.ok) {
  const me = await answer.json();
  show("user", me.name ?? me.sub);
  show("email", me.email ?? "unknown");
  show("until", new Date(me.until * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
} else {
  show("user", "nobody: the session is over. Load the page again.");
}
