"""What must hold before a release goes live: of the sources, the templates, the site, the release."""
