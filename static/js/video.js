// A link with the class "video" shows its page in its place when it is clicked: until then nobody else is asked.
for (const link of document.querySelectorAll("a.video")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe"), address = new URL(link.href);
    address.searchParams.set("autoplay", 1);
    frame.className = "video";
    frame.src = address;
    frame.title = link.querySelector("img")?.alt || link.textContent.trim();
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    link.replaceWith(frame);
    frame.focus();
  });
}
