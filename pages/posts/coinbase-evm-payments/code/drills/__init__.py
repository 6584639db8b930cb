"""Whole programs, killed, frozen and lied to. Each drill asserts what must hold."""
