"""The files of an old blog, and what their headers and configuration say, before anything is translated."""
