"""Whether a word finds its other forms, by the dictionaries of spell checkers.

    python3 tests/bench/word_forms.py --build build [ru uk be fr ...]

For 6,000 words of each dictionary, all their forms: `found` is how many of these
share a stem with the word itself, each word counting once; `others` is how many
other words of the 6,000 share one with it, which is the price. Dictionaries hold
every form that can be made, most of which nobody writes. Needs the target
word_stems and Debian's hunspell-fr-classical, -ru, -uk, -be, -es, -de-de, -en-us;
those that are missing are left out.
"""

import collections
import pathlib
import random
import re
import subprocess

import bench_support as bench

FOLDER = pathlib.Path("/usr/share/hunspell")
DICTIONARIES = {"ru": "ru_RU", "uk": "uk_UA", "be": "be_BY", "en": "en_US", "de": "de_DE",
                "fr": "fr", "es": "es_ES"}
WORDS = 6000


def flags_of(text, kind):
    if kind == "long":
        return [text[at:at + 2] for at in range(0, len(text), 2)]
    return text.split(",") if kind == "num" else list(text)


def suffix_rules(affixes):
    rules = collections.defaultdict(list)
    for line in affixes.splitlines():
        part = line.split()
        if len(part) >= 5 and part[0] == "SFX":
            strip, add = ("" if text == "0" else text for text in (part[2], part[3].split("/")[0]))
            rules[part[1]].append((strip, add, re.compile(f"(?:{part[4]})$")))
    return rules


def families(language):
    """Words and their forms, which hunspell keeps apart as stems and rules."""
    base = FOLDER / DICTIONARIES[language]
    raw = base.with_suffix(".aff").read_bytes()
    encoding = re.search(rb"^SET\s+(\S+)", raw, re.M).group(1).decode()
    affixes = raw.decode(encoding, "replace")
    named = re.search(r"^FLAG\s+(\S+)", affixes, re.M)
    kind = named.group(1) if named else "char"
    aliases = [flags_of(line, kind) for line in re.findall(r"^AF\s+(\S+)", affixes, re.M)[1:]]
    rules = suffix_rules(affixes)
    lines = base.with_suffix(".dic").read_text(encoding, "replace").splitlines()[1:]
    random.Random(5).shuffle(lines)
    out = {}
    for line in lines:
        entry = re.match(r"([^/\s]+)/(\S+)", line)
        if not entry or len(out) == WORDS:
            continue
        word, flags = entry.groups()
        if not word.isalpha() or word != word.lower() or len(word) < 4:
            continue
        forms = {word}
        for flag in aliases[int(flags) - 1] if aliases else flags_of(flags, kind):
            forms |= {word.removesuffix(strip) + add for strip, add, fits in rules[flag]
                      if word.endswith(strip) and fits.search(word)}
        forms = {form for form in forms if form.isalpha() and len(form) > 2}
        if len(forms) > 1:
            out[word] = forms
    return out


def stems(program, language, words):
    out = subprocess.run([program, language], input="\n".join(words), text=True,
                         capture_output=True, check=True).stdout
    return {line.split("\t")[0]: set(line.split("\t")[1].split()) for line in out.splitlines()}


def main():
    parser = bench.options(__doc__)
    parser.add_argument("languages", nargs="*", default=list(DICTIONARIES))
    arguments = parser.parse_args()
    program = pathlib.Path(arguments.build) / "tests/word_stems"
    rows = []
    for language in arguments.languages:
        if not (FOLDER / DICTIONARIES[language]).with_suffix(".dic").exists():
            print(f"{language}: its dictionary is not installed")
            continue
        known = families(language)
        made = stems(program, language, sorted(set().union(*known.values(), known)))
        found = total = 0
        sharing = collections.defaultdict(set)
        for word, forms in known.items():
            others = forms - {word}
            total += bool(others)
            found += sum(bool(made[form] & made[word]) for form in others) / max(len(others), 1)
            for stem in made[word]:
                sharing[stem].add(word)
        others = sum(len(set().union(*(sharing[stem] for stem in made[word]))) - 1
                     for word in known)
        rows.append((language, f"{100 * found / total:.1f}%", f"{others / len(known):.2f}"))
    bench.table(["language", "found", "others"], rows)


if __name__ == "__main__":
    main()
