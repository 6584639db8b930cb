// The contents: marks the section that is being read, and folds itself after a jump on narrow screens.
const toc = document.querySelector(".toc");
const list = toc?.querySelector("ol");
const links = new Map([...(toc?.querySelectorAll("a") ?? [])].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

function mark() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  const reading = links.get(passed.at(-1)?.id);
  for (const link of links.values()) link.ariaCurrent = link === reading || null;
  if (!reading || list.scrollHeight <= list.clientHeight) return;
  const { top } = reading.getBoundingClientRect();
  list.scrollBy({ top: top - list.getBoundingClientRect().top - list.clientHeight / 2 });
}

// The area reaches far above the window: a heading that is jumped over crosses its lower edge, too.
const observer = new IntersectionObserver(mark, { rootMargin: "1000000px 0px -66% 0px" });
for (const heading of headings) observer.observe(heading);
toc?.addEventListener("click", (event) => {
  if (event.target.closest("a")) toc.querySelector("details").open = false;
});
