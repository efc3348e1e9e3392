"""The commands of `kefu`, one module a topic."""
