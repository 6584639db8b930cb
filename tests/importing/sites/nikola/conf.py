BLOG_AUTHOR = "Ada Example"
BLOG_TITLE = "A Nikola blog"
SITE_URL = "https://nikola.example/"
DEFAULT_LANG = "en"
POSTS = (
    ("posts/*.md", "posts", "post.tmpl"),
)
PAGES = (
    ("pages/*.md", "", "page.tmpl"),
)
COMPILERS = {"markdown": (".md",)}
TIMEZONE = "UTC"
