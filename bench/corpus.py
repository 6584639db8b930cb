"""A blog of made-up posts, the same for the same number on every machine: prose, lists, tables and code in five languages.

python bench/corpus.py 1000 some/folder            # pages/posts/*.md for this blog
python bench/corpus.py 1000 some/folder --for hugo  # content/posts/*.md
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

WORDS = [
    "request",
    "response",
    "cache",
    "index",
    "query",
    "table",
    "lock",
    "thread",
    "process",
    "queue",
    "worker",
    "socket",
    "pool",
    "buffer",
    "page",
    "block",
    "segment",
    "log",
    "record",
    "key",
    "value",
    "hash",
    "tree",
    "node",
    "cursor",
    "parser",
    "lexer",
    "token",
    "grammar",
    "template",
    "route",
    "session",
    "schema",
    "replica",
    "shard",
    "partition",
    "snapshot",
    "timeout",
    "retry",
    "backoff",
    "budget",
    "latency",
    "throughput",
    "histogram",
    "gauge",
    "trace",
    "span",
    "profile",
    "heap",
    "stack",
    "frame",
    "reference",
    "descriptor",
    "inode",
    "kernel",
    "cluster",
    "pipeline",
    "artifact",
    "branch",
    "commit",
    "fixture",
    "benchmark",
    "library",
    "module",
    "contract",
    "client",
    "server",
    "proxy",
    "gateway",
    "secret",
    "policy",
    "audit",
    "incident",
    "service",
    "design",
    "document",
    "trade-off",
    "constraint",
]
TAGS = [
    "python",
    "databases",
    "linux",
    "testing",
    "go",
    "docker",
    "kubernetes",
    "sql",
    "http",
    "caching",
    "debugging",
    "devops",
    "security",
    "rust",
    "javascript",
    "flask",
    "css",
    "git",
    "observability",
    "metrics",
    "redis",
    "queues",
    "concurrency",
    "networking",
    "dns",
    "nginx",
    "storage",
    "search",
    "shell",
    "memory",
    "algorithms",
    "compilers",
    "api",
    "grpc",
    "json",
    "yaml",
    "migrations",
    "releases",
]
VERBS = [
    "reads",
    "writes",
    "flushes",
    "parses",
    "renders",
    "rejects",
    "retries",
    "waits",
    "schedules",
    "copies",
    "merges",
    "commits",
    "samples",
    "drops",
]

CODE = {
    "python": 'def {a}_{b}(items: list[str], *, limit: int = {n}) -> dict[str, int]:\n    """Count the {c}s."""\n'
    "    found: dict[str, int] = {{}}\n    for item in items[:limit]:\n        found[item] = found.get(item, 0) + 1\n"
    "    return {{key: value for key, value in found.items() if value > {m}}}",
    "go": "func {a}{b}(ctx context.Context, id int64) (*{c}, error) {{\n\tctx, cancel := context.WithTimeout(ctx, {n}*time.Millisecond)\n"
    '\tdefer cancel()\n\trow := db.QueryRowContext(ctx, "SELECT {a} FROM {b} WHERE id = $1", id)\n\tvar out {c}\n'
    "\tif err := row.Scan(&out.Value); err != nil {{\n\t\treturn nil, err\n\t}}\n\treturn &out, nil\n}}",
    "sql": "SELECT {a}, count(*) AS {b}_count, avg({c})::numeric(10, 2)\nFROM {a}_{b}\n"
    "WHERE created_at >= now() - interval '{n} days'\nGROUP BY {a}\nHAVING count(*) > {m}\nORDER BY {b}_count DESC\nLIMIT {n};",
    "bash": 'set -euo pipefail\nfor {a} in $(seq 1 {n}); do\n  curl -fsS "http://127.0.0.1:8000/{b}/${a}" | jq .{c} >> out.log\ndone',
    "yaml": "{a}:\n  {b}:\n    replicas: {m}\n    image: registry.example/{c}:{n}\n    env:\n      - name: LIMIT\n        value: \"{n}\"",
}  # fmt: skip


def sentence(draw: random.Random) -> str:
    first, second, third = (draw.choice(WORDS) for _ in range(3))
    forms = (
        f"The {first} {draw.choice(VERBS)} the {second} before the {third} is *ready*.",
        f"We set `{first}_{second}` to `{draw.randint(1, 99)}` and the {third} {draw.choice(VERBS)} less.",
        f"A {first} that {draw.choice(VERBS)} a {second} is worth more than **two** {third}s that wait.",
        f"See [the {first}](https://docs.python.org/3/library/{second}.html) for how a {third} {draw.choice(VERBS)}.",
    )
    return draw.choice(forms)


def paragraph(draw: random.Random) -> str:
    return " ".join(sentence(draw) for _ in range(draw.randint(3, 8)))


def code(draw: random.Random) -> str:
    language = draw.choice(sorted(CODE))
    names = {name: draw.choice(WORDS).replace("-", "_") for name in "abc"}
    blocks = [
        CODE[language].format(**names, n=draw.randint(2, 900), m=draw.randint(1, 9)) for _ in range(draw.randint(1, 4))
    ]
    return f"```{language}\n" + "\n\n".join(blocks) + "\n```"


def body(number: int) -> str:
    draw = random.Random(number)
    parts: list[str] = []
    for _ in range(draw.randint(4, 9)):
        parts += [
            f"## What the {draw.choice(WORDS)} {draw.choice(VERBS)}",
            paragraph(draw),
            code(draw),
            paragraph(draw),
        ]
        if draw.random() < 0.4:
            parts.append("\n".join(f"- {sentence(draw)}\n  - {sentence(draw)}" for _ in range(3)))
        if draw.random() < 0.2:
            rows = [f"| {draw.choice(WORDS)} | {draw.randint(1, 999)} |" for _ in range(4)]
            parts.append("\n".join(["| what | ms |", "|---|---:|", *rows]))
    return "\n\n".join(parts)


def post(number: int) -> str:
    """The text of post `number`; a greater number is a later date."""
    draw = random.Random(-number - 1)
    tags = sorted(draw.sample(TAGS, draw.randint(3, 6)))
    day = f"{1990 + number // 336:04}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
    title = f"The {draw.choice(WORDS)} that {draw.choice(VERBS)} the {draw.choice(WORDS)}, no. {number}"
    return f'---\ntitle: "{title}"\ndate: {day}\ntags: [{", ".join(tags)}]\nsummary: "{sentence(draw)}"\n---\n\n{body(number)}\n'


def write(count: int, folder: Path, dialect: str = "blog") -> None:
    """Write that many posts where the generator of this dialect looks for them."""
    posts = folder / ("content/posts" if dialect == "hugo" else "pages/posts")
    posts.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (posts / f"post-{number:05}.md").write_text(post(number), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--for", dest="dialect", choices=("blog", "hugo"), default="blog")
    asked = parser.parse_args()
    write(asked.count, asked.folder, asked.dialect)
