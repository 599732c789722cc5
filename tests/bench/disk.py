"""What a reader keeps on her disk, beside a ZIM file with its index of the same articles.

    python3 tests/bench/disk.py --build build --corpus CORPUS [--level 19]

CORPUS as for publish.py, pictures left out on both sides. A newsroom releases it all at
once, a daemon follows from the folder, and its archive is weighed when it has come to
rest. Needs zim-tools.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import bench_support as bench
import page_speed


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--level", type=int, default=19)
    arguments = parser.parse_args()
    if not (arguments.corpus / "articles.jsonl.zst").exists():
        print(f"skipped: no corpus in {arguments.corpus}")
        return 77
    harness = bench.harness(arguments)
    import publish  # finds the programs when it is loaded
    articles = publish.read_articles(arguments.corpus)
    with tempfile.TemporaryDirectory(dir=arguments.work) as name:
        work = pathlib.Path(name)
        publish.write_lines(work / "articles.jsonl", articles)
        root = publish.press(work, "newsroom")
        for command in (["add", root, work / "articles.jsonl"],
                        ["release", root, "--level", str(arguments.level)]):
            subprocess.run([publish.BIN / "colport-press", *command], check=True,
                           capture_output=True)
        bundles = publish.size_of(root / "public" / "volumes")
        reader = harness.Daemon(work / "reader", "--mode", "offline")
        reader.start("--follow", root / "public")
        reader.wait_release(1, 600)
        page_speed.wait_for_rest(reader.process.pid)
        reader.stop()
        archive = publish.size_of(work / "reader")
        publish.write_pages(work / "pages", articles)
        zim = publish.zim(work, work / "pages", [])
    print(f"{len(articles)} articles: bundles {bundles:,} bytes, archive {archive:,}, together "
          f"{bundles + archive:,}; ZIM with index {zim[1]:,}: {(bundles + archive) / zim[1]:.2f} "
          "of its bytes")
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
