"""What pages say to readers besides what their authors wrote, in the reader's language."""
