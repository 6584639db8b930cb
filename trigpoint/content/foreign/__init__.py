"""Headers as other generators write them: found, taken off the text, and made into YAML that can be read."""
