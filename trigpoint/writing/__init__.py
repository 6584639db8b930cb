"""What changes the sources for their author: a new post, its publication, another name."""
