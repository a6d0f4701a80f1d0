"""A scenario file run through the same services as a site, on the memory adapters and a test clock."""
