// Updates a landing page: loads it again every 5 s and replaces its content.
const main = document.querySelector("main");
const lost = document.querySelector("#lost");

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (fresh && fresh.innerHTML !== main.innerHTML) main.replaceChildren(...fresh.childNodes);
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

setInterval(refresh, 5000);
document.addEventListener("visibilitychange", refresh);
