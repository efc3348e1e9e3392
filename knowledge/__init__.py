"""What the shop knows: articles, versions and search."""
