"""Servers for tests and drills: real ones from Debian, started in private folders."""
