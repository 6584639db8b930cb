"""How many pictures a freeze makes, and how long they may take, is said where it is long."""

from __future__ import annotations

from trigpoint.freezing.estimate import label


def test_many_pictures_are_told_with_the_time_they_take() -> None:
    photos = [f"/posts/a/{number}.jpg.800.{kind}" for number in range(600) for kind in ("webp", "avif")]
    assert label(photos, 2) == "Freezing (1,200 smaller pictures, new ones up to about 4 minutes)"
    assert label(photos, 8) == "Freezing (1,200 smaller pictures, new ones up to about 52 seconds)"


def test_what_takes_moments_is_not_told() -> None:
    assert label(["/", "/posts/a/", "/posts/a/b.png.800.webp", "/posts/a/c.avif"], 2) == "Freezing"
