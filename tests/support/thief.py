"""Signs what colport-press would not, with a key that somebody else made.

    thief.py NEWSROOM OUT SEQ [SECONDS-AHEAD]

writes the newest release of NEWSROOM, a publisher's folder whose keys have no
passphrase, as a head of that number and date. Takes what tests/check_feed.py takes.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import check_feed as spec  # noqa: E402
import nacl.signing  # noqa: E402


def signing_key(newsroom):
    raw = spec.from_base64((newsroom / "private/keys/signing.key").read_bytes().split(b"\n")[1])
    seed = spec.sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        raw[57:], raw[:57] + b"signing", raw[33:57], bytes(32))
    return nacl.signing.SigningKey(seed)


def main():
    newsroom, out, seq, *rest = sys.argv[1:]
    newsroom, seq, ahead = pathlib.Path(newsroom), int(seq), int(rest[0]) if rest else 0
    outer = spec.FEED.SignedHead.FromString((newsroom / "public/head").read_bytes())
    value = spec.bdecode(outer.value)
    head = spec.FEED.Head.FromString(value[b"h"])
    head.seq, head.time = seq, int(time.time()) + ahead
    value[b"h"] = head.SerializeToString(deterministic=True)
    key = signing_key(newsroom)
    outer.key, outer.seq, outer.value = bytes(key.verify_key), seq, spec.bencode(value)
    outer.signature = key.sign(b"4:salt39:colport" + head.feed + b"3:seqi%de1:v" % seq
                               + outer.value).signature
    pathlib.Path(out).write_bytes(outer.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
