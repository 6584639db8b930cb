"""The third party's side: one client for every bank, and the states that it keeps."""
