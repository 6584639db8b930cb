"""What authors see besides the site, in `flask run --debug` alone."""
