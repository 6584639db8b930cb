"""The names of what can be imported from: known to the command before anything is loaded."""

NAMES = {
    "jekyll": "Jekyll", "hugo": "Hugo", "zola": "Zola", "pelican": "Pelican", "eleventy": "Eleventy", "hexo": "Hexo",
    "mkdocs": "MkDocs",
    "nikola": "Nikola", "plain": "plain Markdown", "wordpress": "WordPress", "ghost": "Ghost", "medium": "Medium",
    "substack": "Substack",
    "devto": "dev.to", "hashnode": "Hashnode",
}  # fmt: skip
