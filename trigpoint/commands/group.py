"""The commands of a site. A module of them is loaded when one of its commands is asked for: a server needs none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import cast

import click
from flask.cli import AppGroup


def publishing() -> ModuleType:
    from trigpoint.commands import publishing

    return publishing


def checking() -> ModuleType:
    from trigpoint.commands import checking

    return checking


def writing() -> ModuleType:
    from trigpoint.commands import writing

    return writing


def delivery() -> ModuleType:
    from trigpoint.commands import delivery

    return delivery


def importing() -> ModuleType:
    from trigpoint.commands import importing

    return importing


def beginning() -> ModuleType:
    from trigpoint.commands import new_site

    return new_site


COMMANDS: Mapping[str, tuple[Callable[[], ModuleType], str]] = {
    "announce": (delivery, "announce_changes"),
    "check": (checking, "check"),
    "deploy": (delivery, "deploy_to"),
    "freeze": (publishing, "freeze"),
    "host-config": (publishing, "host_config"),
    "import": (importing, "import_blog"),
    "list": (writing, "list_posts"),
    "new": (writing, "new"),
    "new-site": (beginning, "new_site"),
    "publish": (writing, "publish"),
    "releases": (publishing, "releases"),
    "rename": (writing, "rename"),
    "rollback": (publishing, "rollback"),
    "why": (publishing, "why_made"),
}
"""Each command by its name: what loads its module, and its name there."""


class Commands(AppGroup):
    """The engine's commands, and those that a site adds by `@app.cli.command()`, which come first."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *COMMANDS})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        own = super().get_command(context, name)
        if own or name not in COMMANDS:
            return own
        module, known = COMMANDS[name]
        return cast(click.Command, getattr(module(), known))
