"""The release on a web server: its configuration says what the live server says."""
