"""A small shop: orders come in, are checked, paid for and announced."""
