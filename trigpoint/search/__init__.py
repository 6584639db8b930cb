"""The words of posts and pages, and the files in which a browser looks them up."""
