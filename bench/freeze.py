"""What a freeze costs: cold, with nothing changed, one body edited, one post added, one template edited; and on a machine
that was given what an earlier one kept: `.cache/` and `.releases/` ("kept"), or `.cache/` alone ("cache").

    .venv/bin/python bench/freeze.py --posts 100,1000
    .venv/bin/python bench/freeze.py --posts 1000 --hugo /usr/bin/hugo    # the same posts built by Hugo, in turn

Wall seconds, CPU seconds and peak memory are the operating system's own account of the finished process and its
children. Machines are noisy: compare within one run, and believe ratios, not seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import corpus

ROOT = Path(__file__).parent.parent
STEPS = ("cold", "nothing", "edit", "add", "template", "kept", "cache")
HUGO = {
    "hugo.toml": 'baseURL = "https://blog.example/"\ntitle = "Bench"\n[taxonomies]\ntag = "tags"\n[pagination]\npagerSize = 12\n'
    "[markup.highlight]\nnoClasses = false\n[outputs]\nhome = ['html', 'rss']\nterm = ['html', 'rss']\n",
    "layouts/baseof.html": '<!doctype html><html lang="en"><head><title>{{ .Title }}</title></head><body>'
    '<header><a href="/">Bench</a></header><main>{{ block "main" . }}{{ end }}</main></body></html>',
    "layouts/home.html": '{{ define "main" }}{{ range (.Paginate .Site.RegularPages).Pages }}<article><h2><a href="{{ .RelPermalink }}">'
    "{{ .Title }}</a></h2><p>{{ .Summary }}</p></article>{{ end }}{{ end }}",
    "layouts/page.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}{{ range .GetTerms "tags" }}'
    '<a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a>{{ end }}{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}',
    "layouts/term.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ range (.Paginate .Pages).Pages }}<h2><a href="{{ .RelPermalink }}">{{ .Title }}'
    "</a></h2>{{ end }}{{ end }}",
    "layouts/taxonomy.html": '{{ define "main" }}{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}',
}  # fmt: skip


def put_away(path: Path) -> None:
    """Move a folder out of sight. Were it deleted, ext4 would look past each inode of it that it doesn't use again soon,
    for every file that is made in the next minutes: half a millisecond each after some thousand."""
    if path.exists():
        path.rename(Path(tempfile.mkdtemp(dir=path.parents[1], prefix="away-")) / path.name)


class Ours:
    """This blog, with its own posts left out."""

    name = "this blog"

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.posts = folder, folder / "pages/posts"
        ignored = shutil.ignore_patterns("posts", "build", ".releases", ".cache", ".venv", ".git", "artefacts")
        shutil.copytree(ROOT, folder, ignore=ignored)
        corpus.write(count, folder)
        self.command = [sys.executable, "-m", "flask", "freeze"]
        self.environment = {"PATH": os.environ["PATH"], "BLOG_TAGS": "open", "BLOG_NAVIGATION": "[]"}
        self.template = folder / "templates/base.html"

    def clear(self) -> None:
        self.clear_output()
        put_away(self.folder / ".cache")

    def clear_output(self) -> None:
        self.move()
        put_away(self.folder / ".releases")

    def move(self) -> None:
        """Have the stamps of a fresh checkout, and no link to the live release."""
        (self.folder / "build").unlink(missing_ok=True)
        for path in self.posts.iterdir():
            path.touch()


class Hugo:
    """Hugo with layouts that write about the same pages."""

    name = "Hugo"

    def __init__(self, folder: Path, count: int, program: str) -> None:
        self.folder, self.posts = folder, folder / "content/posts"
        for name, text in HUGO.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        corpus.write(count, folder, "hugo")
        self.command = [program, "--quiet", "--cacheDir", str(folder / "cache")]
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.template = folder / "layouts/baseof.html"

    def clear(self) -> None:
        self.clear_output()
        for name in ("resources", "cache"):
            put_away(self.folder / name)

    def clear_output(self) -> None:
        put_away(self.folder / "public")

    def move(self) -> None:
        self.clear_output()


Contender = Ours | Hugo


def changed(contender: Contender, step: str, count: int) -> None:
    """Make the change that a step is about."""
    old = contender.posts / f"post-{count // 3:05}.md"
    acts: dict[str, Callable[[], object]] = {
        "cold": contender.clear,
        "edit": lambda: old.write_text(old.read_text() + "\nOne more line.\n"),
        "add": lambda: (contender.posts / f"post-{count:05}.md").write_text(corpus.post(count)),
        "kept": contender.move,
        "cache": contender.clear_output,
        "template": lambda: contender.template.write_text(
            contender.template.read_text().replace("</body>", " </body>")
        ),
    }
    acts.get(step, lambda: None)()


def measured(contender: Contender) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds, and the peak megabytes of the largest process."""
    started = time.perf_counter()
    running = subprocess.Popen(
        contender.command, cwd=contender.folder, env=contender.environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(running.pid, 0)
    wall = time.perf_counter() - started
    if status:
        raise SystemExit(f"{contender.name} failed.")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(count: int, hugo: str) -> None:
    with tempfile.TemporaryDirectory() as work:
        contenders: list[Contender] = [Ours(Path(work) / "ours", count)]
        if hugo:
            contenders.append(Hugo(Path(work) / "hugo", count, hugo))
        for contender in contenders:
            measured(contender)
        for step in STEPS:
            for contender in contenders:
                changed(contender, step, count)
                wall, cpu, memory = measured(contender)
                print(
                    f"{count:6} posts  {contender.name:10} {step:9} {wall:7.2f} s wall {cpu:7.2f} s CPU {memory:6.0f} MB"
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--posts", default="100,1000")
    parser.add_argument("--hugo", default="")
    asked = parser.parse_args()
    for number in map(int, asked.posts.split(",")):
        compare(number, asked.hugo)
