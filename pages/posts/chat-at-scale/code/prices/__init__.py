"""Ticks become bars, and bars become a chart's data feed."""
