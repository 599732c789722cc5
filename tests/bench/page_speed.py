"""How many article pages and searches a second the reading page answers, beside
kiwix-serve with the same articles from a ZIM, in turn on the same machine.

    python3 tests/bench/page_speed.py --build build --work /var/tmp/colport-bench [--articles N]

Needs wrk, kiwix-serve (kiwix-tools) and zimwriterfs (zim-tools). `wrk` asks with
one thread and eight connections for articles, and for words, at random. Each
search shows its first page of hits with snippets.
"""

import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import bench_support as bench

SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
math.randomseed(7)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""


def vocabulary(source, size=20_000):
    letters = "etaoinshrdlucmfwypvbgk"
    return ["".join(source.choices(letters, k=source.randint(3, 10))) for _ in range(size)]


def articles(count):
    """Words as common as in a language: the n-th comes about 1/n as often."""
    source = random.Random(11)
    words = vocabulary(source)
    weights = [1 / (rank + 2) for rank in range(len(words))]
    for number in range(count):
        chosen = source.choices(words, weights, k=420)
        paragraphs = [" ".join(chosen[at:at + 70]).capitalize() + "." for at in range(10, 420, 70)]
        yield f"a{number:06}", " ".join(chosen[:8]).capitalize(), paragraphs


def make_zim(folder, count):
    pages = folder / "html"
    pages.mkdir()
    for name, title, paragraphs in articles(count):
        body = "".join(f"<p>{text}</p>" for text in paragraphs)
        (pages / f"{name}.html").write_text(
            f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head>"
            f"<body><h1>{title}</h1>{body}</body></html>")
    subprocess.run(bench.zim_command(pages, folder / "articles.zim"), check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "articles.zim"


def wrk(base, paths, folder, seconds):
    (folder / "paths").write_text("\n".join(paths) + "\n")
    (folder / "ask.lua").write_text(SCRIPT % (folder / "paths"))
    done = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-s",
                           str(folder / "ask.lua"), base], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        sys.exit(f"{base}{paths[0]}: {done.stdout}")
    slow = re.search(r"99%\s+(\S+)", done.stdout).group(1)
    return float(re.search(r"Requests/sec:\s+(\S+)", done.stdout).group(1)), slow


def memory_mb(process):
    """What lies in memory, and what of it is the process's own and not a file's."""
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        text = status.read()
    return [int(re.search(rf"{name}:\s+(\d+)", text).group(1)) / 1024
            for name in ("VmRSS", "RssAnon")]


def first_byte_ms(base, paths, count=300):
    """From a request to the head of its answer, of half and of 99 in 100, one after the
    other, as a reader asks who opens one page after the other."""
    times = []
    connection = http.client.HTTPConnection(base.split("//")[1], timeout=20)
    for path in random.Random(3).choices(paths, k=count):
        # A server may close each time; to connect anew is no part of the answer.
        if connection.sock is None:
            connection.connect()
        begin = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        times.append((time.perf_counter() - begin) * 1000)
        answer.read()
    connection.close()
    times.sort()
    return times[count // 2], times[count * 99 // 100]


def processor_seconds(process):
    with open(f"/proc/{process}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for_rest(process):
    """Until what a server does of its own accord after its start, such as merging an
    index that has just been made, is done."""
    while True:
        before = processor_seconds(process)
        time.sleep(3)
        if processor_seconds(process) - before < 0.1:
            return


def show(name, base, process, pages, searches, folder, seconds):
    wait_for_rest(process)
    for what, paths in (("articles", pages), ("searches", searches)):
        wrk(base, paths, folder, 2)
        before = processor_seconds(process)
        rate, slow = wrk(base, paths, folder, seconds)
        # On a machine that does other things too, this is what counts.
        cost = (processor_seconds(process) - before) / (rate * seconds) * 1000
        resident, own = memory_mb(process)
        print(f"{name:12} {what:9} {rate:9.0f} a second, 99 in 100 within {slow:>8}, "
              f"{cost:6.3f} ms of processor time each, {resident:4.0f} MB, {own:4.0f} of its own",
              flush=True)
        first = first_byte_ms(base, paths)
        print(f"{name:12} {what:9} first byte after {first[0]:.2f} ms, "
              f"99 in 100 within {first[1]:.2f} ms", flush=True)


def asked_words(count=300):
    source = random.Random(5)
    return source.sample(vocabulary(random.Random(11))[50:8000], count)


def measure_colport(harness, folder, arguments):
    press = harness.Press(folder / "newsroom", "Bench")
    press.add(*({"id": name, "title": title, "text": "\n\n".join(paragraphs)}
                for name, title, paragraphs in articles(arguments.articles)))
    press.release()
    daemon = harness.Daemon(folder / "reader", "--mode", "offline").start("--follow", press.public)
    try:
        daemon.wait_release(1, 600)
        hits = daemon.json("latest", "--limit", "100")["hits"]
        hits += [hit for at in range(100, min(arguments.articles, 3000), 100)
                 for hit in daemon.json("latest", "--limit", "100", "--offset", at)["hits"]]
        show("colportd", daemon.page.rstrip("/"), daemon.process.pid,
             [f"/article/{hit['id']}" for hit in hits],
             [f"/search?q={word}" for word in asked_words()], folder, arguments.seconds)
    finally:
        daemon.stop()


def answers(harness, address):
    return harness.http(address)[0] == 200


def measure_kiwix(harness, folder, arguments):
    zim = make_zim(folder, arguments.articles)
    port = harness.free_port()
    process = subprocess.Popen(["kiwix-serve", f"--port={port}", "--address=127.0.0.1", str(zim)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        time.sleep(2)
        names = [f"a{number:06}.html" for number in range(min(arguments.articles, 3000))]
        root = next(root for root in ("/content/articles/", "/articles/A/", "/articles/")
                    if answers(harness, f"{base}{root}{names[0]}"))
        find = next(find for find in ("/search?books.name=articles&pattern=",
                                      "/search?content=articles&pattern=")
                    if answers(harness, f"{base}{find}the"))
        show("kiwix-serve", base, process.pid, [root + name for name in names],
             [f"{find}{word}" for word in asked_words()], folder, arguments.seconds)
    finally:
        process.terminate()
        process.wait()


def main():
    parser = bench.options(__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=8)
    arguments = parser.parse_args()
    harness = bench.harness(arguments)
    missing = [tool for tool in ("wrk", "kiwix-serve", "zimwriterfs") if not shutil.which(tool)]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}")
    for measure in (measure_colport, measure_kiwix):
        with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
            measure(harness, bench.pathlib.Path(folder), arguments)


if __name__ == "__main__":
    os.umask(0o077)
    main()
