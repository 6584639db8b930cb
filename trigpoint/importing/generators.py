"""What the command knows of an import before anything is loaded: the names of generators, and how it stops."""

NAMES = {
    "jekyll": "Jekyll", "hugo": "Hugo", "zola": "Zola", "pelican": "Pelican", "eleventy": "Eleventy", "hexo": "Hexo",
    "mkdocs": "MkDocs", "astro": "Astro", "docusaurus": "Docusaurus", "quarto": "Quarto",
    "nikola": "Nikola", "plain": "plain Markdown", "wordpress": "WordPress", "ghost": "Ghost", "medium": "Medium",
    "substack": "Substack",
    "devto": "dev.to", "hashnode": "Hashnode",
}  # fmt: skip


class ImportStopped(Exception):
    """The import cannot go on; its text is one sentence and the cure."""
