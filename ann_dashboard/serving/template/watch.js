// Watches what the page depends on, its kernel and the server, and says when one of them is gone. Nothing is said of a short interruption:
// the page connects again by itself.
(() => {
  const EVERY = 5000;        // milliseconds between two looks
  const ANSWER = 10000;      // milliseconds a busy server may take to answer until it is said
  const MISSES = 2;          // looks at which nobody was there until it is said
  const CUTS = 3;            // looks at a kernel that has lost this page until it is said
  const SAYS = {
    gone: "This dashboard has ended: its Python kernel or the server was stopped, or the page was away too long. "
      + "The pictures stay, but no change is trained any more. Reload to start it again.",
    cut: "The connection is interrupted: no change is trained. It is tried again and again; if this stays, reload.",
    away: "The server does not answer: it is very busy, was stopped, or there is no network. The pictures stay, but no change is trained. "
      + "This page looks every few seconds whether it is back.",
  };
  let misses = 0, cuts = 0, met = false, looking = false;

  async function look() {
    const config = document.getElementById("jupyter-config-data");
    if (!config) return "starting";
    const { baseUrl, kernelId } = JSON.parse(config.textContent);
    try {
      const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`, { cache: "no-store", signal: AbortSignal.timeout(ANSWER) });
      if (answer.status >= 500) throw new Error(answer.status);
      if (!answer.ok) return "gone";
      const { connections } = await answer.json();
      met ||= connections > 0;
      return connections > 0 || !met ? "here" : "cut";
    } catch (error) {
      misses += error.name === "TimeoutError" ? MISSES : 1;
      return "away";
    }
  }

  function say(state) {
    const notice = document.getElementById("notice");
    notice.hidden = !(state in SAYS);
    notice.dataset.state = state;
    if (!notice.hidden && notice.firstElementChild.textContent !== SAYS[state]) notice.firstElementChild.textContent = SAYS[state];
    notice.querySelector("button").hidden = state === "away";   // reloaded now, the page would be lost
  }

  async function watch() {
    if (looking) return;
    looking = true;
    const state = await look();
    looking = false;
    if (state !== "away") misses = 0;
    cuts = state === "cut" ? cuts + 1 : 0;
    if ((state !== "away" || misses >= MISSES) && (state !== "cut" || cuts >= CUTS)) say(state);
  }

  setInterval(watch, EVERY);
  for (const [target, event] of [[document, "visibilitychange"], [window, "pageshow"], [window, "online"]])
    target.addEventListener(event, watch);
  document.querySelector("#notice button").addEventListener("click", () => location.reload());
})();
