"""Every sentence of the reading page stands in every catalogue, translated."""

import pathlib
import re
import subprocess
import sys
import tempfile

XGETTEXT = ["xgettext", "--language=C++", "--from-code=UTF-8", "-ktext:1", "-ktext_in:1c,2",
            "-kplural:1,2", "--no-location", "--omit-header", "--no-wrap", "-o", "-"]


def entries(path_or_text):
    """(context, English) -> all its translations, of a catalogue."""
    text = subprocess.run(["msgcat", "--no-wrap", "-"], input=path_or_text, text=True,
                          capture_output=True, check=True).stdout
    out = {}
    for block in text.split("\n\n"):
        found = re.search(r'^msgid "(.+)"$', block, re.M)
        if not found:
            continue
        context = re.search(r'^msgctxt "(.*)"$', block, re.M)
        many = re.search(r'^msgid_plural "(.*)"$', block, re.M)
        translations = re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', block, re.M)
        out[(context and context[1], found[1])] = (many and many[1], translations, "fuzzy" in block)
    return out


def holes(text):
    return sorted(re.findall(r"\{\d\}", text))


def check_catalogue(path, wanted):
    held = entries(path.read_text())
    for key in wanted.keys() - held.keys():
        yield f"{path.name}: lacks {key[1]!r}"
    for key in held.keys() - wanted.keys():
        yield f"{path.name}: {key[1]!r} is no longer said; run src/web/po/update"
    for key, (many, translations, fuzzy) in held.items():
        if fuzzy or not translations or not all(translations):
            yield f"{path.name}: {key[1]!r} is not translated"
        for translation in translations:
            # A plural form may say "one" and "two" in words.
            if holes(translation) != holes(key[1]) and not (many and not holes(translation)):
                yield f"{path.name}: {translation!r} fills in something else than {key[1]!r}"


def check_words(web):
    """Sentences are declared in one place, and each is said somewhere."""
    words = (web / "words.h").read_text()
    sources = {path: path.read_text() for path in web.glob("*.cpp")}
    used = "".join(sources.values())
    for name in re.findall(r"constexpr (?:Text|Plural) (\w+)", words):
        if not re.search(rf"words::{name}\b", used):
            yield f"words.h: {name} is said nowhere"
    for path, source in sources.items():
        if re.search(r"\b(text|text_in|plural)\(\"", source):
            yield f"{path.name}: a sentence that should be in words.h"


def main(root):
    web = pathlib.Path(root) / "web"
    made = subprocess.run([*XGETTEXT, web / "words.h"], text=True, capture_output=True, check=True)
    wanted = entries(made.stdout)
    errors = list(check_words(web))
    template = entries((web / "po" / "colport.pot").read_text())
    if template.keys() != wanted.keys():
        errors.append("colport.pot: out of date; run src/web/po/update")
    catalogues = sorted((web / "po").glob("*.po"))
    for path in catalogues:
        errors += check_catalogue(path, wanted)
        with tempfile.NamedTemporaryFile() as scratch:
            subprocess.run(["msgfmt", "--check-format", "--check-domain", "-o", scratch.name, path],
                           check=True)
    for error in errors:
        print(error)
    print(f"{len(catalogues)} catalogues, {len(wanted)} sentences, {len(errors)} errors")
    return 1 if errors or len(catalogues) < 9 or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
