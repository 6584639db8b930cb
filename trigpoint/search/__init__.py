"""The words of posts, and the files in which a browser looks them up."""
