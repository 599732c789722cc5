"""What the shell sees: man pages, completions, help, and the file of options."""

import os
import re
import shutil
import subprocess

from colport_harness import BIN, SOURCE, ColportTest, main, need, run

PAGES = BIN.parent / "pages"
PROGRAMS = ("colport", "colportd", "colport-press")


def pages():
    found = sorted(PAGES.glob("*/man/*.[15]")) + sorted((SOURCE / "packaging/man").glob("*.5"))
    assert len(found) > 20, found
    return found


def commands(program):
    text = run(program, "--help").stdout
    block = re.search(r"\nSubcommands:\n((?:  .*\n)+)", text)
    return re.findall(r"^  (\S+)", block.group(1), re.M) if block else []


class ManPages(ColportTest):
    def test_they_are_clean(self):
        need("mandoc", "man")
        for page in pages():
            lint = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, text=True)
            self.assertEqual(lint.stdout, "", page)
            man = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page],
                                 capture_output=True, text=True, env={**os.environ, "MANWIDTH": "80"})
            self.assertEqual((man.returncode, man.stderr), (0, ""), page)

    def test_every_command_and_option_is_in_its_page(self):
        for program in PROGRAMS:
            for command in ["", *commands(program)]:
                words = [command] if command else []
                options = re.findall(r"^  (?:-\w,)?(--[\w-]+)",
                                     run(program, *words, "--help").stdout, re.M)
                self.assertIn("--help", options)
                page = (PAGES / program / "man" / f"{'-'.join([program, *words])}.1").read_text()
                for option in options:
                    self.assertIn(f"\\fB{option}\\fR".replace("-", "\\-"), page, command)

    def test_help_fits_a_screen(self):
        for program in PROGRAMS:
            text = run(program, "--help").stdout
            self.assertLess(len(text.splitlines()), 40, text)
            self.assertIn("Example", text)
        everything = run("colportd", "--help-all").stdout
        self.assertIn("--dht-router", everything)
        self.assertNotIn("--dht-router", run("colportd", "--help").stdout)


class Completions(ColportTest):
    def bash(self, line):
        """What bash would offer behind `line`, whose last word is being typed."""
        program = line.split()[0]
        words = line.split(" ")
        script = f"""
            source {PAGES / program / 'completions/bash' / program}
            COMP_WORDS=({' '.join(f"'{word}'" for word in words)})
            COMP_CWORD={len(words) - 1}
            $(complete -p {program} | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""), line)
        return done.stdout.split()

    def test_bash_completes(self):
        self.assertEqual(self.bash("colport unf"), ["unfollow"])
        self.assertIn("--sort", self.bash("colport search --s"))
        self.assertEqual(self.bash("colport search --sort "), ["rank", "date"])
        self.assertEqual(self.bash("colport --data /tmp mode o"), [])
        self.assertEqual(self.bash("colportd --mode o"), ["open", "offline"])
        self.assertEqual(self.bash("colportd --mode = of"), ["offline"])
        self.assertEqual(self.bash("colport-press rel"), ["release"])
        for command in commands("colport"):
            self.assertIn(command, self.bash("colport "))
            self.assertIn("--json", self.bash(f"colport {command} --j"))

    def test_bash_leaves_files_to_itself(self):
        self.assertEqual(self.bash("colport --data "), [])

    def test_zsh_and_fish_take_them(self):
        need("zsh", "fish")
        for program in PROGRAMS:
            made = PAGES / program / "completions"
            for command in (["zsh", "-n", made / "zsh" / f"_{program}"],
                            ["fish", "--no-execute", made / "fish" / f"{program}.fish"]):
                done = subprocess.run(command, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), command)

    def test_fish_completes(self):
        need("fish")
        file = PAGES / "colport/completions/fish/colport.fish"
        for line, expected in (("colport unf", "unfollow"), ("colport search --sort ", "date"),
                               ("colport search --so", "--sort")):
            done = subprocess.run(["fish", "--no-config", "-c", f"source {file}; complete -C '{line}'"],
                                  capture_output=True, text=True,
                                  env={**os.environ, "HOME": str(self.work)})
            self.assertIn(expected, [one.split("\t")[0] for one in done.stdout.splitlines()], line)

    def test_zsh_completes(self):
        need("zsh")
        folder = PAGES / "colport/completions/zsh"
        script = f"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "unset zle_bracketed_paste; fpath=({folder} \\$fpath); \
autoload -U compinit; compinit -u -d {self.work}/dump; PS1='%(?.re.)ady '"
            # Before there is a prompt the terminal itself would take keys.
            zpty -r -m shell line '*ready *'
            zpty -w -n shell $'colport unf\\t\\C-u'
            zpty -w shell 'echo end-$((1+1))'
            zpty -r -m shell line '*end-2*'
            print -r -- $line
        """
        done = subprocess.run(["zsh", "-fc", script], capture_output=True, text=True, timeout=60)
        self.assertIn("unfollow", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x07\x08\r]", "", done.stdout))


class Configuration(ColportTest):
    def check(self, text, *options, **environment):
        file = self.work / "colportd.conf"
        file.write_text(text)
        return run("colportd", "--config", file, "--data", self.work / "data", *options,
                   "--check-config", ok=False, env={**os.environ, **environment})

    def refused(self, text, message, hint, code=2):
        done = self.check(text)
        self.assertEqual((done.returncode, done.stdout), (code, ""))
        self.assertRegex(done.stderr, rf"^colportd: error: .*{message}")
        self.assertRegex(done.stderr, rf"\nhint: .*{hint}")
        self.assertFalse((self.work / "data").exists())

    def test_the_sample_is_good_and_so_is_every_line_of_it(self):
        sample = (PAGES / "colportd/colportd.conf").read_text()
        self.assertEqual(self.check(sample).returncode, 0)
        lines = [line[1:] for line in sample.splitlines() if re.match(r"#[a-z-]+ = .", line)]
        self.assertGreater(len(lines), 10)
        for line in lines:
            if not line.startswith("data"):
                done = self.check(line + "\n")
                self.assertEqual((done.returncode, done.stderr), (0, ""), line)

    def test_mistakes_are_named(self):
        self.refused("upload-limit = 1M\nhistroy = 3\n", "line 2: unknown key: histroy",
                     "did you mean history")
        self.refused("xyzzy = 3\n", "unknown key: xyzzy", "man colportd.conf")
        self.refused("mode = open\nmode = lan\n", "line 2: mode is set twice", "leave")
        self.refused("[peers]\n", "sections", "key = value")
        self.refused("listen\n", "listen has no value", "listen = VALUE")
        self.refused("mode = opne\n", "opne", "help")
        self.refused("check-config = true\n", "unknown key", "")
        self.refused("listen = 1.2.3.4\n", "not an address", "IP:PORT", code=1)
        self.refused("follow = magnet:?xt=nothing\n", "", "", code=1)
        self.refused("mode = proxy\n", "needs the address", "socks5", code=1)

    def test_of_a_password_of_the_proxy_that_everybody_can_read_one_is_warned(self):
        login = "mode = proxy\nproxy = socks5://me:sesame@127.0.0.1:9\n"
        done = self.check(login)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "^colportd: warning: .*line 2: everybody .* read")
        self.assertRegex(done.stderr, "\nhint: set proxy-password-file\n")
        self.assertNotIn("sesame", done.stderr)
        file = self.work / "colportd.conf"
        file.chmod(0o640)
        done = run("colportd", "--config", file, "--check-config", ok=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        file.chmod(0o644)
        secret = self.work / "secret"
        secret.write_text("sesame\n")
        apart = f"proxy = socks5://me@127.0.0.1:9\nproxy-password-file = {secret}\n"
        self.assertEqual(self.check(apart).returncode, 0)
        secret.write_text("\n")
        self.refused(apart, "no password in", "first line", code=1)
        secret.unlink()
        done = self.check(apart)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^colportd: error: .*secret: No such file")
        secret.write_text("sesame\n")
        self.refused(apart.replace("me@", ""), "needs a proxy with a user", "USER@", code=1)
        self.refused(apart.replace("me@", "me:pass@").replace("proxy = ", "#"),
                     "needs a proxy with a user", "USER@", code=1)

    def test_lists_comments_and_quotes(self):
        done = self.check("# one\n; two\n\n listen = 127.0.0.1:0\n listen=\"[::1]:0\"\nno-dht\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_command_line_wins_over_the_environment_and_that_over_the_file(self):
        bad, good = "mode = proxy\n", "mode = lan\n"
        self.assertEqual(self.check(bad, COLPORT_MODE="lan").returncode, 0)
        self.assertEqual(self.check(good, COLPORT_MODE="proxy").returncode, 1)
        self.assertEqual(self.check(bad, "--mode", "open", COLPORT_MODE="proxy").returncode, 0)

    def test_a_file_that_was_named_has_to_be_there(self):
        done = run("colportd", "--config", self.work / "none", "--check-config", ok=False)
        self.assertEqual(done.returncode, 2)

    def test_a_mistyped_option_or_command_is_guessed(self):
        for words, meant in ((["colportd", "--folow", "x"], "--follow"),
                             (["colport", "serch", "x"], "search"),
                             (["colport", "search", "--srot", "date", "x"], "--sort")):
            done = run(*words, ok=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"hint: did you mean {meant}?", done.stderr)


if __name__ == "__main__":
    main()
