// The preview's own script: an open page follows the files that it is made of. No page of a release knows of it.
(() => {
  const EVENTS = "/_preview/events";
  const HELD = "data-preview-style";
  const FOLDED = "preview-folded", NARROW = 640;
  const OWN = "#preview-overlay, #preview-waiting, script[data-preview], link[data-preview]";
  // What scripts of the site look at once, when the page is loaded.
  const SCRIPTED = "script, figure.code, .image, .diagram, .table, .footnote-ref, .toc, h2, h3, h4, h5, h6";

  // As a shared worker: one stream for all tabs, since browsers allow a host six connections.
  if ("SharedWorkerGlobalScope" in self) {
    const ports = new Set();
    let last;
    self.onconnect = ({ ports: [port] }) => {
      ports.add(port);
      if (last) port.postMessage(last);
    };
    listen((version) => {
      last = version;
      for (const port of ports) port.postMessage(version);
    });
    return;
  }

  function listen(tell) {
    const stream = new EventSource(EVENTS);
    stream.onmessage = ({ data }) => tell(data);
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000, tell);
    };
  }

  const script = document.currentScript;
  let shown = script.dataset.version;
  let wanted = shown;
  let isBusy = false;
  // As it was sent: later scripts put buttons and attributes into it.
  let served = copyOfPage();
  let around = frame(served);
  const key = `preview:${location.pathname}`;

  function bare(root) {
    const copy = root.cloneNode(true);
    for (const each of copy.querySelectorAll(`${OWN}, main, .banner`)) each.remove();
    return copy;
  }

  // What is around the content: where it is another, the page is loaded anew.
  function frame(root) {
    const scripts = [...root.querySelectorAll("head script[src]")].map((each) => each.getAttribute("src"));
    return `${scripts} ${root.lang} ${bare(root.querySelector("body")).innerHTML.replace(/\s+/g, " ").trim()}`;
  }

  function isSame(one, other) {
    return one.isEqualNode(other);
  }

  function hasText(element) {
    return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  function sameShell(one, other) {
    return one.cloneNode().isEqualNode(other.cloneNode());
  }

  function rename(root, from, to) {
    for (const each of root.querySelectorAll(`[${from}]`)) {
      const value = each.getAttribute(from);
      each.removeAttribute(from);
      each.setAttribute(to, value);
    }
  }

  // Of this page as it was sent. Chromium gives the styles of a copy to what was copied, past the policy: it gets none.
  function copyOfPage() {
    rename(document, "style", HELD);
    const copy = document.documentElement.cloneNode(true);
    for (const root of [document, copy]) rename(root, HELD, "style");
    return copy;
  }

  // For this page, whose policy is asked of each style that is set: what was parsed apart has them all.
  function copyOf(element) {
    const holder = document.createElement("div");
    holder.append(document.importNode(element, true));
    rename(holder, "style", HELD);
    rename(holder, HELD, "style");
    return holder.firstChild;
  }

  // Puts what differs between two servings into the page, as far down as it can. False where a script would miss it.
  function patch(live, before, after) {
    if (isSame(before, after)) return true;
    const old = [...before.children];
    const fresh = [...after.children];
    const here = [...live.children];
    const isOpen = sameShell(before, after) && here.length === old.length && !hasText(before) && !hasText(after);
    if (!isOpen) return replace([live], [after]);
    let start = 0;
    while (start < old.length && start < fresh.length && isSame(old[start], fresh[start])) start += 1;
    let end = 0;
    const most = Math.min(old.length, fresh.length) - start;
    while (end < most && isSame(old[old.length - 1 - end], fresh[fresh.length - 1 - end])) end += 1;
    const gone = here.slice(start, here.length - end);
    const come = fresh.slice(start, fresh.length - end);
    if (gone.length === come.length) return come.every((each, place) => patch(gone[place], old[start + place], each));
    if (gone.length) return replace(gone, come);
    if (come.some(isScripted)) return false;
    const copies = come.map(copyOf);
    if (start < here.length) here[start].before(...copies);
    else live.append(...copies);
    return true;
  }

  function isScripted(element) {
    return element.matches(SCRIPTED) || element.querySelector(SCRIPTED) !== null;
  }

  function replace(gone, come) {
    if ([...gone, ...come].some(isScripted)) return false;
    const copies = come.map(copyOf);
    const open = gone.flatMap(allDetails).map((each) => each.open);
    copies.flatMap(allDetails).forEach((each, place) => {
      each.open = open[place] ?? each.open;
    });
    gone[0].before(...copies);
    for (const each of gone) each.remove();
    return true;
  }

  function allDetails(element) {
    return [...(element.matches("details") ? [element] : []), ...element.querySelectorAll("details")];
  }

  function swapStylesheets(next) {
    const fresh = [...next.querySelectorAll("link[rel=stylesheet]:not([data-preview])")];
    const here = [...document.querySelectorAll("head link[rel=stylesheet]:not([data-preview])")];
    if (fresh.length !== here.length) return false;
    here.forEach((link, place) => {
      if (link.getAttribute("href") === fresh[place].getAttribute("href")) return;
      const copy = document.importNode(fresh[place], true);
      copy.addEventListener("load", () => link.remove());
      link.after(copy);
    });
    return true;
  }

  function swapBanners(next) {
    const fresh = [...next.querySelectorAll("body > .banner")];
    const here = [...document.querySelectorAll("body > .banner")];
    if (fresh.length === here.length && fresh.every((each, place) => isSame(each, [...served.querySelectorAll("body > .banner")][place]))) return;
    const open = here.flatMap(allDetails).map((each) => each.open);
    for (const each of here) each.remove();
    const copies = fresh.map((each) => document.importNode(each, true));
    copies.flatMap(allDetails).forEach((each, place) => {
      each.open = open[place] ?? each.open;
    });
    document.querySelector("main")?.before(...copies);
  }

  function swapOverlay(next) {
    const fresh = next.querySelector("#preview-overlay");
    const here = document.querySelector("#preview-overlay");
    if (fresh && here?.querySelector(".preview-faults")?.outerHTML === fresh.querySelector(".preview-faults").outerHTML) return;
    here?.remove();
    if (fresh) document.body.append(document.importNode(fresh, true));
    fold();
  }

  const details = () => document.querySelector("#preview-overlay details");

  // Open or folded as it was left, on every page; at first a phone shows the article.
  function fold() {
    if (document.querySelector("[data-preview-failed]")) return;
    if (details()) details().open = (localStorage.getItem(FOLDED) ?? String(innerWidth < NARROW)) === "false";
  }

  function remember({ target }) {
    const summary = target.closest("#preview-overlay summary");
    if (summary) localStorage.setItem(FOLDED, summary.parentElement.open);
    if (!target.closest('[href="#preview-overlay"]')) return;
    localStorage.setItem(FOLDED, false);
    fold();
  }

  function swapWaiting(next) {
    const fresh = next.querySelector("#preview-waiting");
    const here = document.querySelector("#preview-waiting");
    if (!fresh) here?.remove();
    else if (!here) document.body.append(document.importNode(fresh, true));
  }

  function reload() {
    const open = [...document.querySelectorAll("main details")].map((each) => each.open);
    sessionStorage.setItem(key, JSON.stringify({ x: scrollX, y: scrollY, open }));
    location.reload();
  }

  function restore() {
    const kept = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    if (!kept) return;
    const { x, y, open } = JSON.parse(kept);
    document.querySelectorAll("main details").forEach((each, place) => {
      each.open = open[place] ?? each.open;
    });
    scrollTo({ left: x, top: y, behavior: "instant" });
  }

  function show(next) {
    swapOverlay(next);
    swapWaiting(next);
    // A page that can't be made leaves the last one below what is said of it.
    if (next.querySelector("[data-preview-failed]")) return;
    if (served.querySelector("[data-preview-failed]")) return reload();
    const main = document.querySelector("main");
    const [before, after] = [served.querySelector("main"), next.querySelector("main")];
    if (!main || !before || !after || around !== frame(next)) return reload();
    if (!swapStylesheets(next)) return reload();
    swapBanners(next);
    document.title = next.ownerDocument.title;
    if (!patch(main, before, after)) return reload();
    served = next;
  }

  async function update() {
    if (isBusy || document.hidden || wanted === shown) return;
    isBusy = true;
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store", headers: { "X-Preview": "1" } });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").documentElement;
      shown = answer.headers.get("X-Preview-Version") ?? wanted;
      show(next);
      if (wanted !== shown) setTimeout(update, 20);
    } catch {
      setTimeout(update, 1000); // The server is away for a moment.
    } finally {
      isBusy = false;
    }
  }

  function hear(version) {
    wanted = version;
    update();
  }

  fold();
  addEventListener("click", remember);
  addEventListener("visibilitychange", update);
  addEventListener("pageshow", ({ persisted }) => persisted && update());
  addEventListener("DOMContentLoaded", restore);
  if ("SharedWorker" in self) new SharedWorker(script.src).port.onmessage = ({ data }) => hear(data);
  else listen(hear);
})();
