"""Content packs: the public content as a folder of YAML files, readable by people, loadable without loss."""
