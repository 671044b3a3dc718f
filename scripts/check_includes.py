#!/usr/bin/env python3
"""Checks every #include in src/ and include/ against the direction of the folders.

    scripts/check_includes.py [--root DIR]    prints each breach as file:line: reason, and exits 1 if there is one
    scripts/check_includes.py --self-test     checks this script against small made-up trees

The rules, which docs/architecture.md explains:
  1. A folder includes only public headers of folders that stand before it in ORDER. Folders that share a place
     (the features on top of tickets) do not include each other, apart from EXCEPTIONS. What must flow the other
     way is an event.
  2. A private header (a file below src/) is included only by its own folder, and with quotes.
  3. libpqxx differs between the Debian releases, so only src/db/ and chat_centre/db/tx.hpp include it.
  4. Every public header named exists, and a folder that is not in ORDER is refused, so that the table stays true.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

ORDER = [
    {"base"},
    {"config"},
    {"db"},
    {"event"},
    {"jobs"},
    {"http"},
    {"analysis"},
    {"audit"},
    {"realtime"},
    {"auth"},
    {"staff"},
    {"contact"},
    {"conversation"},
    {"ticket"},
    {"channel", "routing", "intake", "assistant", "knowledge", "sla", "notify", "quality", "report", "search",
     "macro", "learning"},
    {"demo"},
    {"app"},
]
EXCEPTIONS = {("assistant", "knowledge")}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = {".cpp", ".hpp", ".h", ".inl", ".ipp"}


def place(folder):
    return next((index for index, folders in enumerate(ORDER) if folder in folders), None)


def may_include(owner, target):
    if owner == target or (owner, target) in EXCEPTIONS:
        return True
    return place(target) < place(owner)


def owner_of(path):
    """The folder a file belongs to; src/main.cpp stands with app. None: outside the table."""
    parts = path.parts
    if parts[0] == "src":
        return parts[1] if len(parts) > 2 else "app"
    if parts[:2] == ("include", "chat_centre") and len(parts) > 3:
        return parts[2]
    return None


def check_public(root, owner, name):
    parts = Path(name).parts
    if len(parts) < 3:
        return f"<{name}>: public headers are chat_centre/<folder>/<name>.hpp"
    target = parts[1]
    if place(target) is None:
        return f"<{name}>: folder {target} is not in the order of scripts/check_includes.py"
    if not (root / "include" / name).is_file():
        return f"<{name}> does not exist"
    if not may_include(owner, target):
        return f"{owner} may not include {target}: it does not stand before it (send an event instead)"
    return None


def check_private(root, path, owner, name):
    """A quoted include: relative to the including file, or to src/ or the file's own folder."""
    candidates = [path.parent / name, Path("src") / name, Path("src") / owner / name]
    for candidate in candidates:
        full = (root / candidate).resolve()
        if not full.is_file() or root not in full.parents:
            continue
        target = owner_of(full.relative_to(root))
        if path.parts[0] == "include" and full.relative_to(root).parts[0] == "src":
            return f'"{name}": a public header may not include a private one'
        if full.relative_to(root).parts[0] == "include":
            return f'"{name}": public headers are included as <chat_centre/...>'
        if target != owner:
            return f'"{name}" is private to {target}; only its public header in include/ may be used by {owner}'
        return None
    if "/" in name and place(Path(name).parts[0]) not in (None, place(owner)):
        return f'"{name}" names a private header of another folder'
    return None  # made by the build, such as embedded SQL


def check_include(root, path, owner, bracket, name):
    if name.startswith("pqxx"):
        allowed = path.parts[:2] == ("src", "db") or path.as_posix() == "include/chat_centre/db/tx.hpp"
        return None if allowed else "only src/db/ and chat_centre/db/tx.hpp may include libpqxx"
    if name.startswith("chat_centre/"):
        return check_public(root, owner, name)
    if bracket == '"':
        return check_private(root, path, owner, name)
    return None


def check_tree(root):
    root = root.resolve()
    breaches, files = [], 0
    for top in ("src", "include"):
        for full in sorted((root / top).rglob("*")):
            if full.suffix not in SOURCES or not full.is_file():
                continue
            files += 1
            path = full.relative_to(root)
            owner = owner_of(path)
            if owner is None or place(owner) is None:
                breaches.append(f"{path}:1: folder is not in the order of scripts/check_includes.py")
                continue
            for number, line in enumerate(full.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                reason = found and check_include(root, path, owner, found[1], found[2])
                if reason:
                    breaches.append(f"{path}:{number}: {reason}")
    return breaches, files


SELF_TEST = [
    # (what is shown, {path: content}, part of the expected breach, or None when the tree is right)
    ("left of it", {"src/http/a.cpp": "#include <chat_centre/base/x.hpp>"}, None),
    ("its own public header", {"src/base/a.cpp": "#include <chat_centre/base/x.hpp>"}, None),
    ("its own private header", {"src/db/a.cpp": '#include "b.hpp"', "src/db/b.hpp": ""}, None),
    ("a made header", {"src/db/a.cpp": '#include "queries.inc"'}, None),
    ("right of it", {"include/chat_centre/db/y.hpp": "", "src/base/a.cpp": "#include <chat_centre/db/y.hpp>"},
     "base may not include db"),
    ("a sibling", {"include/chat_centre/sla/y.hpp": "", "src/report/a.cpp": "#include <chat_centre/sla/y.hpp>"},
     "report may not include sla"),
    ("assistant to knowledge",
     {"include/chat_centre/knowledge/y.hpp": "", "src/assistant/a.cpp": "#include <chat_centre/knowledge/y.hpp>"},
     None),
    ("knowledge to assistant",
     {"include/chat_centre/assistant/y.hpp": "", "src/knowledge/a.cpp": "#include <chat_centre/assistant/y.hpp>"},
     "knowledge may not include assistant"),
    ("a private header of another folder",
     {"src/db/b.hpp": "", "src/event/a.cpp": '#include "../db/b.hpp"'}, "private to db"),
    ("the same by its path below src", {"src/db/b.hpp": "", "src/event/a.cpp": '#include "db/b.hpp"'},
     "private to db"),
    ("a public header that reaches into src",
     {"src/db/b.hpp": "", "include/chat_centre/db/y.hpp": '#include "../../../src/db/b.hpp"'},
     "a public header may not include a private one"),
    ("quotes for a public header", {"src/base/a.cpp": '#include "../../include/chat_centre/base/x.hpp"'},
     "included as <chat_centre/...>"),
    ("pqxx in db", {"src/db/a.cpp": "#include <pqxx/pqxx>"}, None),
    ("pqxx in tx.hpp", {"include/chat_centre/db/tx.hpp": "#  include <pqxx/pqxx>"}, None),
    ("pqxx elsewhere", {"src/event/a.cpp": "#include <pqxx/connection>"}, "libpqxx"),
    ("pqxx in another header of db", {"include/chat_centre/db/y.hpp": "#include <pqxx/pqxx>"}, "libpqxx"),
    ("main may include everything", {"include/chat_centre/app/y.hpp": "",
     "src/main.cpp": "#include <chat_centre/app/y.hpp>\n#include <chat_centre/base/x.hpp>"}, None),
    ("a folder nobody placed", {"src/misc/a.cpp": ""}, "not in the order"),
    ("an unknown folder included", {"src/app/a.cpp": "#include <chat_centre/misc/y.hpp>"}, "not in the order"),
    ("a missing header", {"src/app/a.cpp": "#include <chat_centre/base/gone.hpp>"}, "does not exist"),
    ("a comment is no include", {"src/base/a.cpp": "// #include <chat_centre/app/y.hpp>"}, None),
]


def self_test():
    failed = 0
    for name, files, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path, content in {"include/chat_centre/base/x.hpp": "", **files}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(content, encoding="utf-8")
            breaches, _ = check_tree(root)
        right = not breaches if expected is None else len(breaches) == 1 and expected in breaches[0]
        if not right:
            failed += 1
            print(f"self-test: {name}: expected {expected!r}, got {breaches}")
    print(f"self-test: {len(SELF_TEST) - failed} passed, {failed} failed")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return 1 if self_test() else 0
    breaches, files = check_tree(arguments.root)
    for breach in breaches:
        print(breach)
    print(f"include direction: {files} files, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
