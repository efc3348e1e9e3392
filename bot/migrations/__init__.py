"""One linear history of the schema of all packages."""
