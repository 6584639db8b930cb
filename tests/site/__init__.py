"""Tests of this repository's own site: they ask what holds for any site, whatever its articles and colours are."""
