// The article's scale: a tick a minute, a long one at each section, a mark where the reader is; it opens the contents
// where they are out of sight, and remembers the place on this device alone.
const LEAST_MINUTES = 3, MOST_PLACES = 30, PLACES = "places";
const STARTED = 0.03, DONE = 0.97;

const main = document.querySelector("main");
const article = main.querySelector(".article[data-minutes]");
const minutes = Number(article?.dataset.minutes ?? 0);
const prose = article?.querySelector(".prose");
const contents = document.querySelector(".toc ol");
const blocks = prose?.children ?? [];
const still = matchMedia("(prefers-reduced-motion: reduce)");

// What is looked at rather than read counts a third.
const ends = [];
let total = 0;
for (const block of blocks) {
  total += block.textContent.length / (block.matches(".code, .table, .diagram") ? 3 : 1);
  ends.push(total);
}
const startOf = (place) => (ends[place - 1] ?? 0) / total;
const sections = [...blocks].flatMap((block, place) => (block.matches("h2[id]") ? [{ block, at: startOf(place) }] : []));

// How much has been read, from 0 to 1: down to a third of the window, where the contents look, too; all of it once
// its end is well in sight.
function share() {
  const line = innerHeight / 3;
  if (prose.getBoundingClientRect().bottom < innerHeight * 0.7) return 1;
  let first = 0, beyond = blocks.length;
  while (first < beyond) {
    const middle = (first + beyond) >> 1;
    if (blocks[middle].getBoundingClientRect().top <= line) first = middle + 1;
    else beyond = middle;
  }
  if (!first) return 0;
  const box = blocks[first - 1].getBoundingClientRect();
  const within = Math.min(1, (line - box.top) / (box.height || 1));
  return startOf(first - 1) + within * (startOf(first) - startOf(first - 1));
}

// Whoever reads by keyboard or ear goes on from here. To set the index to itself makes focusable what was not.
function focusOn(element) {
  element.tabIndex = element.tabIndex;
  element.focus({ preventScroll: true });
}

function goTo(at) {
  const place = ends.findIndex((end) => end / total >= at);
  focusOn(blocks[place]);
  const box = blocks[place].getBoundingClientRect();
  const within = (at - startOf(place)) / (startOf(place + 1) - startOf(place) || 1);
  scrollTo({ top: scrollY + box.top + within * box.height - innerHeight / 3, behavior: "instant" });
}

function sectionAt(at) {
  return sections.findLast((section) => section.at <= at)?.block;
}

function titleOf(heading) {
  return [...(heading?.childNodes ?? [])].filter((node) => !node.matches?.(".anchor, sup")).map((node) => node.textContent).join("").trim();
}

function minutesLeft(at) {
  return Math.max(1, Math.ceil(minutes * (1 - at)));
}

function leftAt(at) {
  return say("{count} min left", { count: minutesLeft(at) });
}

function drawn() {
  const ticks = Array.from({ length: minutes + 1 }, (_, n) => `M${(1000 * n) / minutes} 0v5`);
  const long = sections.map(({ at }) => `M${1000 * at} 0v11`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 1000 11");
  svg.setAttribute("preserveAspectRatio", "none");
  for (const each of [ticks, long]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", each.join(""));
    svg.append(path);
  }
  return svg;
}

// The contents as a sheet of their own, made when they are first asked for.
let sheet;
function open() {
  if (!sheet) {
    const close = make("button", { type: "button", className: "sheet-close" }, say("Close"));
    sheet = make("dialog", { className: "sheet", ariaLabel: say("On this page") }, make("p", {}, say("On this page")), close, contents.cloneNode(true));
    sheet.addEventListener("click", ({ target }) => {
      if (target === sheet || target === close || target.closest("a")) sheet.close();
    });
    document.body.append(sheet);
  }
  const current = sectionAt(share());
  for (const link of sheet.querySelectorAll("a")) {
    if (decodeURIComponent(link.hash.slice(1)) === current?.id) link.ariaCurrent = "true";
    else link.removeAttribute("aria-current");
  }
  sheet.showModal();
  sheet.querySelector("[aria-current]")?.focus();
}

function places() {
  try {
    return JSON.parse(localStorage.getItem(PLACES)) ?? {};
  } catch {
    return {};
  }
}

function keep(kept) {
  try {
    const newest = Object.entries(kept).slice(-MOST_PLACES);
    if (newest.length) localStorage.setItem(PLACES, JSON.stringify(Object.fromEntries(newest)));
    else localStorage.removeItem(PLACES);
  } catch {
    // Without storage no place is remembered.
  }
}

let remembers = true;
function remember() {
  const at = share(), { [location.pathname]: before, ...others } = places();
  // Who looks at the top again has lost nothing; who came to the end is done.
  if (!remembers || at <= STARTED) return;
  keep(at < DONE ? { ...others, [location.pathname]: Math.round(at * 1000) / 1000 } : others);
}

function offer(at) {
  const told = make("div", { className: "resume", role: "status" });
  const leave = () => told.contains(document.activeElement) && focusOn(main);
  const hide = () => {
    leave();
    told.remove();
  };
  const go = make("button", { type: "button" }, say("Continue"));
  const forget = make("button", { type: "button" }, say("Forget"));
  go.addEventListener("click", () => {
    hide();
    goTo(at);
  });
  forget.addEventListener("click", () => {
    remembers = false;
    keep({});
    leave();
    told.replaceChildren(say("Forgotten, in every article."));
    setTimeout(hide, 3000);
  });
  addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  // Who reads on from here has answered.
  addEventListener("scroll", () => (scrollY > innerHeight || share() >= at) && hide(), { passive: true });
  main.before(told);
  const title = titleOf(sectionAt(at));
  const count = minutesLeft(at);
  const said = title ? say("You stopped in “{title}”, {count} min left.", { title, count }) : say("You stopped {count} min left.", { count });
  told.append(make("p", {}, said), go, forget, make("small", {}, say("This device alone knows.")));
}

function begin() {
  const section = make("span", {});
  const opener = make("button", { type: "button", className: "scale-open", ariaHasPopup: "dialog" }, make("span", { className: "visually-hidden" }, `${say("On this page")}: `), section);
  const left = make("span", { className: "scale-left" });
  const mark = make("b", {});
  const rule = make("div", { className: "scale-rule", ariaHidden: "true" }, mark, drawn());
  const frame = make("div", { className: "frame" }, rule, opener, left);
  const scale = make("div", { className: "scale" }, frame);
  const head = article.querySelector(".article-head");
  let asked = false;

  function show() {
    asked = false;
    const at = share();
    scale.hidden = head.getBoundingClientRect().bottom > 0 || at >= 1;
    if (scale.hidden) return;
    mark.style.setProperty("--at", still.matches ? Math.round(at * minutes) / minutes : at.toFixed(4));
    for (const [element, text] of [[left, leftAt(at)], [section, titleOf(sectionAt(at)) || say("On this page")]]) {
      if (element.textContent !== text) element.textContent = text;
    }
  }

  function showSoon() {
    if (!asked) requestAnimationFrame(show);
    asked = true;
  }

  opener.hidden = !contents;
  opener.addEventListener("click", open);
  scale.hidden = true;
  main.prepend(scale);
  document.documentElement.dataset.scale = "";
  addEventListener("scroll", showSoon, { passive: true });
  addEventListener("resize", showSoon);
  addEventListener("pagehide", remember);
  document.addEventListener("visibilitychange", () => document.hidden && remember());
  showSoon();

  const at = places()[location.pathname];
  if (at && !location.hash && scrollY < innerHeight / 2) offer(at);
}

if (minutes >= LEAST_MINUTES && blocks.length) begin();
