"""Makes docs/reference/makers/ from the shipped data, so that the pages cannot lie.

python -m netaudit.cli.maker_pages docs/reference/makers
"""

import sys
from pathlib import Path

from netaudit.identify.knowledge import load_knowledge
from netaudit.policy.policies import load_policies
from netaudit.workshop.maker_page import Facts, index, known_makers, page
from netaudit.workshop.written import written


def pages() -> dict[str, str]:
    """Return file name to content of every page, the index as README.md."""
    knowledge = load_knowledge()
    items = written(knowledge.folders, knowledge)
    facts = Facts(knowledge, items, load_policies(), knowledge.oui.camera_blocks)
    known = known_makers(facts)
    out = {f"{item.maker.id}.md": page(item, facts) for item in known if item.worth_a_page}
    return {"README.md": index(known), **out}


def main(folder: Path) -> None:
    """Write all pages into a folder; pages of makers that have none any more go."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
