"""The figures of the article: measured on a local chain, or computed and called so."""
