"""A contract for import-linter: within subjects the file name gives the layer, and imports go down the layers."""

from fnmatch import fnmatch
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

Import = tuple[str, str]


class FileLayersContract(Contract):
    """The layers of files, from the highest down. ``layers``: patterns of file names, several separated by commas.

    Files that match none are in the lowest layer: reads and pure code. A module may import its own layer and lower
    ones, in its own subject and in others. Modules that match ``outside`` belong to no layer: any module may import
    them.
    """

    layers = fields.ListField(subfield=fields.StringField())
    root_packages = fields.ListField(subfield=fields.StringField())
    outside = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = [
            (importer, imported)
            for importer in sorted(graph.modules)
            if self.is_inside(importer)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self.is_inside(imported) and self.layer_of(importer) > self.layer_of(imported)
        ]
        lines = {pair: graph.get_import_details(importer=pair[0], imported=pair[1])[0]["line_number"] for pair in found}
        return ContractCheck(kept=not found, metadata={"found": found, "lines": lines})

    def is_inside(self, module: str) -> bool:
        """Return whether it is a module of a subject: ``app.subject.module`` or deeper."""
        app, _, rest = module.partition(".")
        if app not in self.root_packages or "." not in rest:  # type: ignore[operator]
            return False
        return not any(fnmatch(rest, pattern) for pattern in self.outside)  # type: ignore[attr-defined]

    def layer_of(self, module: str) -> int:
        """Return the number of its layer, counted from the highest."""
        name = module.split(".", 2)[2]
        for number, names in enumerate(self.layers):  # type: ignore[arg-type]
            if any(fnmatch(name, one.strip()) for one in names.split(",")):
                return number
        return len(self.layers)  # type: ignore[arg-type]

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["found"]:
            line = check.metadata["lines"][importer, imported]
            output.print_error(f"- {importer} -> {imported} (l.{line}): an import up the layers")
            output.new_line()


__all__: list[Any] = ["FileLayersContract"]
