"""Content packs: the public content as a folder of YAML files, readable for people and without loss of content."""
