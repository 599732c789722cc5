"""Every attack of SPEC section 18 names tests that are there: check_attacks.py SOURCE"""

import pathlib
import re
import sys


def main():
    source = pathlib.Path(sys.argv[1])
    functional = {path.name: path.read_text() for path in source.glob("tests/functional/*.py")}
    unit = "\n".join(path.read_text() for path in source.glob("tests/unit/*.cpp"))
    # A long name is several strings one after the other.
    unit = re.sub(r'"\s+"', "", unit)
    spec = (source / "proto/SPEC.md").read_text()
    section = spec[spec.index("## 18."):]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in section.splitlines() if line.startswith("| ")][1:]
    errors = []
    for row in rows:
        attack, tests = row[0], row[-1]
        # A thief of the root key is not to be kept out.
        if attack == "stolen root key" and tests == "none":
            continue
        named = re.findall(r'`unit_tests "(\[\w+\])"`|`(test_\w+\.py)`|`(test_\w+)`|"([^"]+)"', tests)
        if not named:
            errors.append(f"{attack}: names no test")
        for tag, file, function, sentence in named:
            found = (tag in unit if tag else file in functional if file
                     else re.search(rf"def {function}\(", functional["test_attacks.py"]) if function
                     else f'"{sentence.removesuffix("…").strip()}' in unit)
            if not found:
                errors.append(f"{attack}: there is no {tag or file or function or sentence}")
    for error in errors:
        print(f"SPEC section 18: {error}", file=sys.stderr)
    print(f"{len(rows)} attacks, {len(errors)} errors")
    sys.exit(1 if errors or len(rows) < 30 else 0)


if __name__ == "__main__":
    main()
