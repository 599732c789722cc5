"""Includes point only downward, and libraries stay behind their seams."""

import pathlib
import re
import sys

# Each floor and the ones that it may include.
FLOORS = {
    "core": [],
    "metainfo": ["core"],
    "article": ["core"],
    "feed": ["core", "metainfo", "article"],
    "words": ["core"],
    "query": ["core", "words"],
    "storage": ["core", "metainfo", "article", "feed", "words", "query"],
    "net": ["core", "metainfo", "article", "feed"],
    "peer": ["core", "metainfo", "article", "feed", "storage", "net"],
    "press": ["core", "metainfo", "article", "feed", "storage"],
    "web": ["core", "metainfo", "article", "feed", "query", "storage", "peer"],
    "cli": ["core", "metainfo", "article", "feed", "storage", "net", "peer", "press", "web"],
}

# Headers of libraries, and the only floors that may include them.
SEAMS = {
    r"libtorrent/": ["metainfo", "net"],
    r"boost/": ["net"],
    r"sqlite3\.h": ["storage"],
    r"sodium\.h": ["core"],
    r"qrencode\.h": ["core"],
    r"z(std|dict)\.h": ["core"],
    r"microhttpd\.h": ["web"],
    r"libxml/": ["press"],
    r"seccomp\.h": ["press", "cli"],
    r"linux/landlock\.h": ["press"],
    r"CLI/": ["cli"],
    r"curl/": ["feed", "net", "cli"],
    r"archive(_entry)?\.h": ["feed", "press"],
    r"(zlib|yaml|http_parser|cmark-gfm.*)\.h|brotli/|toml\+\+/": ["press"],
    r"libstemmer\.h": ["words"],
    r"zip\.h": ["article"],
    r"unicode/": ["core", "words", "query", "storage", "press", "web", "cli"],
    r"(core|metainfo|article|feed|words|query|storage|net|peer|press|web|cli)/": [],
}


def main(root):
    errors = []
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        floor = path.relative_to(root).parts[0]
        if floor not in FLOORS:
            errors.append(f"{path}: {floor} is no floor")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            quoted = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if quoted and not quoted[1].endswith(".pb.h"):
                # Always from src/, so that what is written is where it stands.
                other = quoted[1].split("/")[0]
                if not (root / quoted[1]).is_file() or other not in FLOORS:
                    errors.append(f"{path}:{number}: no such file from src/: {quoted[1]}")
                elif other != floor and other not in FLOORS[floor]:
                    errors.append(f"{path}:{number}: {floor} may not include {other}")
            foreign = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            for pattern, floors in SEAMS.items():
                if foreign and re.match(pattern, foreign[1]) and floor not in floors:
                    errors.append(f"{path}:{number}: {floor} may not include <{foreign[1]}>")
    print("\n".join(errors) or "floors: all includes point downward")
    return 1 if errors else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
