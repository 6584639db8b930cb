"""What a freeze costs: cold, with nothing changed, one body edited, one post added, one template edited, and with the
output gone but the cache kept.

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
STEPS = ("cold", "nothing", "edit", "add", "template", "restored")
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
        shutil.rmtree(self.folder / ".cache", ignore_errors=True)

    def clear_output(self) -> None:
        shutil.rmtree(self.folder / ".releases", ignore_errors=True)
        (self.folder / "build").unlink(missing_ok=True)


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
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def clear_output(self) -> None:
        shutil.rmtree(self.folder / "public", ignore_errors=True)


Contender = Ours | Hugo


def changed(contender: Contender, step: str, count: int) -> None:
    """Make the change that a step is about."""
    old = contender.posts / f"post-{count // 3:05}.md"
    acts: dict[str, Callable[[], object]] = {
        "cold": contender.clear,
        "edit": lambda: old.write_text(old.read_text() + "\nOne more line.\n"),
        "add": lambda: (contender.posts / f"post-{count:05}.md").write_text(corpus.post(count)),
        "restored": contender.clear_output,
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
