"""Signs what colport-press would not, with keys that somebody else made.

    thief.py head NEWSROOM OUT SEQ [SECONDS-AHEAD]   a head of that number, by its signing key
    thief.py item NEWSROOM OUT SEQ                   the same head as a DHT item, bencoded

NEWSROOM is a publisher's folder whose keys have no passphrase. Takes python3-nacl
and python3-protobuf, like tests/checker, whose reading of SPEC.md it uses.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "checker"))
import colport_check as spec  # noqa: E402
import nacl.signing  # noqa: E402


def signing_key(newsroom):
    raw = spec.decode_base64((newsroom / "private/keys/signing.key").read_bytes().split(b"\n")[1])
    seed = spec.nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        raw[57:], raw[:57] + b"signing", raw[33:57], bytes(32))
    return nacl.signing.SigningKey(seed)


def head(newsroom, seq, ahead):
    """The newest release under another number and date."""
    outer = spec.feed_pb.SignedHead()
    outer.ParseFromString((newsroom / "public/head").read_bytes())
    value = spec.bdecode(outer.value)
    inner = spec.feed_pb.Head()
    inner.ParseFromString(value[b"h"])
    inner.seq, inner.time = seq, int(time.time()) + ahead
    value[b"h"] = inner.SerializeToString(deterministic=True)
    key = signing_key(newsroom)
    outer.key, outer.seq, outer.value = bytes(key.verify_key), seq, spec.bencode(value)
    outer.signature = key.sign(
        spec.item_buffer(b"colport" + inner.feed, seq, outer.value)).signature
    return outer


def main():
    what, newsroom, out, seq, *rest = sys.argv[1:]
    made = head(pathlib.Path(newsroom), int(seq), int(rest[0]) if rest else 0)
    pathlib.Path(out).write_bytes(
        made.SerializeToString(deterministic=True) if what == "head" else
        spec.bencode({b"k": made.key, b"seq": made.seq, b"sig": made.signature,
                      b"v": spec.bdecode(made.value)}))


if __name__ == "__main__":
    main()
