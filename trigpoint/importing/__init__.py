"""Another generator's blog, or a platform's export, becomes pages of this one, once."""
