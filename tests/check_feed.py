#!/usr/bin/python3
"""A second reader of the Colport format, written from proto/SPEC.md alone.

    tests/check_feed.py DIRECTORY [--now SECONDS]     checks a feed directory
    tests/check_feed.py --vectors proto/vectors       judges every test vector

Needs Debian's python3-nacl, python3-zstandard, python3-protobuf and
protobuf-compiler. It shares no code with Colport: where the two disagree, one
of them or SPEC.md is wrong. Numbers in brackets are sections of SPEC.md.
"""

import argparse
import base64
import hashlib
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import warnings

import nacl.bindings as sodium
import nacl.exceptions
import nacl.pwhash
import zstandard

PROTO = pathlib.Path(__file__).resolve().parents[1] / "proto"
KIB, MIB, PIECE = 1 << 10, 1 << 20, 1 << 18


class Refused(Exception):
    """`outcome` is one of section 1."""

    def __init__(self, outcome, why=""):
        super().__init__(f"{outcome}: {why}")
        self.outcome = outcome


def need(condition, outcome, why=""):
    if not condition:
        raise Refused(outcome, why)


def load_messages():
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["protoc", f"--python_out={out}", f"-I{PROTO}",
                        *map(str, PROTO.glob("*.proto"))], check=True)
        sys.path.insert(0, out)
        import article_pb2, bundle_pb2, feed_pb2, gossip_pb2
    return article_pb2, bundle_pb2, feed_pb2, gossip_pb2


ARTICLE, BUNDLE, FEED, GOSSIP = load_messages()


# Conventions [1]

def message(kind, data, limit=None):
    need(limit is None or len(data) <= limit, "too_large", kind.__name__)
    out = kind()
    try:
        with warnings.catch_warnings(action="error"):
            out.ParseFromString(data)
    except Exception as problem:  # each protobuf backend has its own
        raise Refused("corrupt", str(problem)) from None
    need(out.SerializeToString(deterministic=True) == data, "corrupt", "not canonical")
    return out


def is_text(text):
    return "\0" not in text


def texts(msg):
    """Every string in a message, however deep."""
    for field, value in msg.ListFields():
        for one in value if field.label == field.LABEL_REPEATED else [value]:
            if field.type == field.TYPE_STRING:
                yield one
            elif field.type == field.TYPE_MESSAGE:
                yield from texts(one)


def decode(data, at=0):
    """One bencoded value, and where it ends."""
    kind = data[at:at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1:end]), end + 1
    if kind in (b"l", b"d"):
        out, at = [], at + 1
        while data[at:at + 1] != b"e":
            value, at = decode(data, at)
            out.append(value)
        return (out if kind == b"l" else dict(zip(out[::2], out[1::2], strict=True))), at + 1
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    need(end <= len(data), "corrupt", "cut short")
    return data[colon + 1:end], end


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    return b"d" + b"".join(bencode(k) + bencode(value[k]) for k in sorted(value)) + b"e"


def bdecode(data):
    try:
        value, end = decode(data)
        need(end == len(data) and bencode(value) == data, "corrupt", "not canonical")
    except (ValueError, TypeError, RecursionError) as problem:
        raise Refused("corrupt", str(problem)) from None
    return value


def verify(signature, content, key):
    try:
        sodium.crypto_sign_open(signature + content, key)
    except (nacl.exceptions.BadSignatureError, ValueError):
        raise Refused("forged", "signature") from None


def sha256(data):
    return hashlib.sha256(data).digest()


def from_base64(text):
    try:
        out = base64.b64decode(text, validate=True)
    except ValueError as problem:
        raise Refused("corrupt", str(problem)) from None
    need(base64.b64encode(out) == text, "corrupt", "base64")
    return out


def unique(keys):
    return all(len(k) == 32 for k in keys) and len(set(keys)) == len(keys)


# Articles [3]

def is_address(text):
    return (len(text.encode()) <= 4096 and is_text(text)
            and re.fullmatch(r'(https?://|mailto:)[^\x00-\x20\x7f"<>]*', text) is not None)


def parts(msg):
    yield msg
    for field, value in msg.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for one in value if field.label == field.LABEL_REPEATED else [value]:
                yield from parts(one)


def count_parts(data, shape="Article"):
    """How many messages there are within a message, of those that records fold."""
    count = at = 0
    while at < len(data):
        tag, at = number_at(data, at)
        need(tag & 7 in (0, 1, 2, 5), "corrupt", "a group")
        value, at = number_at(data, at) if tag & 7 in (0, 2) else (0, at)
        inner = SHAPES[shape].get(tag >> 3) if tag & 7 == 2 else None
        end = at + {0: 0, 1: 8, 2: value, 5: 4}[tag & 7]
        need(end <= len(data), "corrupt", "field beyond its message")
        if inner:
            count += 1 + count_parts(data[at:end], inner)
            need(count <= 131_072, "too_large", "messages within an article")
        at = end
    return count


def check_article(data):
    need(len(data) <= 4 * MIB, "too_large", "article")
    count_parts(data)
    art = message(ARTICLE.Article, data)
    need(len(art.id) == 16 and art.revision > 0, "corrupt", "id or revision")
    need(art.status in (0, 1), "unsupported", "status")
    need(all(map(is_text, texts(art))), "corrupt", "text")
    need(not art.url or is_address(art.url), "corrupt", "url")
    for when in (art.published, art.updated):
        need(-62_135_596_800 <= when <= 253_402_300_799, "corrupt", "time")
    need(abs(art.zone) <= 1080, "corrupt", "zone")
    need(art.status == 0 or not (art.title or art.summary or art.HasField("lead") or art.blocks),
         "corrupt", "retracted, with text")
    for part in parts(art):
        kind = part.DESCRIPTOR.name
        if kind == "Span":
            need(part.style <= 63 and (not part.href or is_address(part.href)), "corrupt", "span")
        elif kind == "Embed":
            need(is_address(part.url), "corrupt", "embed")
        elif kind == "Heading":
            need(2 <= part.level <= 6, "corrupt", "level")
        elif kind == "ListItem":
            need(part.depth <= 8, "corrupt", "depth")
        elif kind == "Figure":
            need(len(part.picture) in (0, 32), "corrupt", "picture")
    return art


# Bundles [4]

FRAME = b"\x28\xb5\x2f\xfd"


def unpack(frame, size, dictionary=None):
    """Exactly one zstd frame of exactly `size` bytes."""
    unpacker = zstandard.ZstdDecompressor(dict_data=dictionary)
    need(frame.startswith(FRAME), "corrupt", "no frame")
    try:
        out = unpacker.stream_reader(io.BytesIO(frame)).read(size + 1)
        need(len(out) == size, "corrupt", "unpacked size")
        whole = unpacker.decompressobj()
        need(whole.decompress(frame) == out and whole.eof and not whole.unused_data, "corrupt",
             "frame")
    except zstandard.ZstdError as problem:
        raise Refused("corrupt", str(problem)) from None
    return out


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def read_index(data, feed, keys):
    need(len(data) <= 64 * MIB, "too_large", "bundle")
    need(len(data) >= 128, "corrupt", "cut short")
    magic, length, name, n, unpacked = struct.unpack("<II8sII", data[-120:-96])
    need((magic, length, name) == (0x184D2A5D, 112, b"colport1"), "corrupt", "trailer")
    f = len(data) - 128 - n
    need(f >= 0 and struct.unpack("<II", data[f:f + 8]) == (0x184D2A5C, n), "corrupt", "index")
    need(unpacked <= 8 * MIB, "too_large", "index")
    key, packed = data[-96:-64], data[f + 8:f + 8 + n]
    verify(data[-64:], b"colport bundle v1\n" + struct.pack("<I", unpacked) + packed, key)
    need(key in keys, "forged", "not a key of the feed")
    index = message(BUNDLE.BundleIndex, unpack(packed, unpacked))
    need((index.format, index.kind) in ((1, 0), (1, 1), (2, 0)), "unsupported", "format or kind")
    need(index.feed == feed, "forged", "another feed's")
    need(index.seq > 0 and len(index.dictionary) in (0, 32), "corrupt", "index")
    need(max(len(index.frames), len(index.entries)) <= 65_536, "too_large", "frames or entries")
    need(all(x.unpacked <= 8 * MIB for x in index.frames), "too_large", "frame")
    need(sum(x.unpacked for x in index.frames) <= 512 * MIB, "too_large", "frames")
    need(sum(x.packed for x in index.frames) == f, "corrupt", "packed sizes")
    return index


def length_before(index, entry):
    """What the frame has in front of a record."""
    return varint(entry.size) if index.format == 1 else b""

# Records of format 2: what becomes of an Article's fields that have lengths, shape by shape.
# "" is a text; fields that are not here keep their lengths.
SHAPES = {
    "Article": {**dict.fromkeys((4, 5, 6, 10, 11, 12, 13, 14), ""), 15: "Figure", 16: "Block"},
    "Block": {1: "Paragraph", 2: "Heading", 3: "List", 4: "Quote", 5: "Table", 6: "Code",
              7: "Figure", 8: "Embed", 9: "Rule"},
    "Paragraph": {1: "Span"}, "Heading": {2: "Span"}, "List": {3: "ListItem"},
    "ListItem": {2: "Span"}, "Quote": {1: "Paragraph", 2: ""},
    "Table": {1: "TableRow", 2: "Span"}, "TableRow": {2: "TableCell"}, "TableCell": {1: "Span"},
    "Code": {1: "", 2: ""}, "Figure": {2: "", 3: "Span", 7: ""}, "Embed": {1: "", 2: ""},
    "Rule": {}, "Span": {1: "", 3: ""},
}


def number_at(data, at):
    value = shift = 0
    while True:
        need(at < len(data) and shift < 70, "corrupt", "number in a record")
        value, shift, at = value | (data[at] & 127) << shift, shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def message_of(data, at=0, shape="Article"):
    """The message that a record of format 2 stands for, and where the record ends."""
    out = b""
    while True:
        need(at < len(data), "corrupt", "record without end")
        if data[at] == 0:
            return out, at + 1
        begin = at
        tag, at = number_at(data, at)
        inner = SHAPES[shape].get(tag >> 3) if tag & 7 == 2 else None
        if inner is None:
            need(tag & 7 in (0, 1, 2, 5), "corrupt", "wire type in a record")
            if tag & 7 in (0, 2):
                value, at = number_at(data, at)
            at += {0: 0, 1: 8, 2: value if tag & 7 == 2 else 0, 5: 4}[tag & 7]
            need(at <= len(data), "corrupt", "field beyond its record")
            out += data[begin:at]
            continue
        out += data[begin:at]
        if inner == "":
            end = data.find(b"\0", at)
            need(end >= 0, "corrupt", "text without end")
            content, at = data[at:end], end + 1
        else:
            content, at = message_of(data, at, inner)
        out += varint(len(content)) + content


def records(index):
    """(entry, its frame's number), checked to fill the frames."""
    entries = list(index.entries)
    for number, frame in enumerate(index.frames):
        at = count = 0
        while entries and entries[0].frame == number:
            entry = entries.pop(0)
            at += len(length_before(index, entry))
            need(entry.offset == at, "corrupt", "gap or overlap")
            at, count = at + entry.size, count + 1
            need(len(entry.id) == (32 if index.kind else 16) and len(entry.sha256) == 32,
                 "corrupt", "entry")
            yield entry, number
        need(count > 0 and at == frame.unpacked, "corrupt", "frame not filled")
        need(count == 1 or frame.unpacked <= 64 * KIB, "corrupt", "shared frame")
    need(not entries, "corrupt", "entries without frame")


def unpacked(dictionary):
    """As it is, from a file that may be one zstd frame of it."""
    need(len(dictionary) <= 2 * MIB, "too_large", "dictionary")
    if dictionary.startswith(FRAME):
        try:
            size = zstandard.frame_content_size(dictionary)
        except zstandard.ZstdError as problem:
            raise Refused("corrupt", str(problem)) from None
        need(size >= 0, "corrupt", "dictionary of a size that is not said")
        need(size <= 2 * MIB, "too_large", "dictionary")
        dictionary = unpack(dictionary, size)
    need(dictionary.startswith(b"\x37\xa4\x30\xec") and dictionary[4:8].strip(b"\0"), "corrupt",
         "no dictionary")
    return dictionary


def check_bundle(data, feed, keys, dictionaries):
    """How many records it has. `dictionaries`: by SHA-256."""
    index = read_index(data, feed, keys)
    entries = list(records(index))
    dictionary = None
    if index.dictionary:
        need(index.dictionary in dictionaries, "not_found", "dictionary")
        dictionary = zstandard.ZstdCompressionDict(unpacked(dictionaries[index.dictionary]),
                                                   dict_type=zstandard.DICT_TYPE_FULLDICT)
    starts = [0]
    for frame in index.frames:
        starts.append(starts[-1] + frame.packed)
    frames = {}
    for entry, number in entries:
        if number not in frames:
            frames = {number: unpack(data[starts[number]:starts[number + 1]],
                                     index.frames[number].unpacked, dictionary)}
        head = length_before(index, entry)
        end = entry.offset + entry.size
        content = frames[number][entry.offset:end]
        need(frames[number][entry.offset - len(head):entry.offset] == head, "corrupt", "length")
        if index.format == 2:
            content, end = message_of(content)
            need(end == entry.size, "corrupt", "record with a tail")
        need(sha256(content) == entry.sha256, "corrupt", "hash of a record")
        if index.kind == 0:
            art = check_article(content)
            need((art.id, art.revision, art.published, art.status == 1)
                 == (entry.id, entry.revision, entry.published, entry.retracted), "corrupt",
                 "index and article differ")
        else:
            picture = message(ARTICLE.Picture, content)
            need(picture.media_type in ("image/webp", "image/jpeg", "image/png", "image/gif")
                 and len(picture.data) <= 8 * MIB - 64, "corrupt", "picture")
            need(sha256(picture.data) == entry.id, "corrupt", "hash of a picture")
    return index, len(entries)


# Keyring [5]

def item_value(envelope):
    copy = FEED.SignedKeyring()
    copy.CopyFrom(envelope)
    copy.ClearField("item_signature")
    return bencode({b"k": copy.SerializeToString(deterministic=True)})


def check_signers(signatures, covered, allowed, threshold):
    need(unique([s.key for s in signatures]), "corrupt", "signers")
    for one in signatures:
        need(one.key in allowed, "forged", "signed by a stranger")
        verify(one.signature, covered, one.key)
    need(len(signatures) >= threshold, "forged", "too few signatures")


def root_lists(envelope, feed, whole=True):
    """The bytes and the Roots of each list, the newest last. Not `whole`: the last one may
    lack signatures."""
    if not envelope.roots:
        need(not envelope.roots_signature and not envelope.later_roots, "corrupt", "no roots")
        return [(b"", FEED.Roots(threshold=1, keys=[feed]))]
    if whole or envelope.later_roots or envelope.roots_signature:
        verify(envelope.roots_signature, b"colport roots v1\n" + envelope.roots, feed)
    out = []
    for later in [None, *envelope.later_roots]:
        data = later.roots if later else envelope.roots
        if later:
            before = out[-1][1]
            check_signers(later.signatures, b"colport later roots v1\n" + data, before.keys,
                          before.threshold if whole or later != envelope.later_roots[-1] else 0)
        roots = message(FEED.Roots, data)
        need(roots.format == 1, "unsupported", "roots")
        need(roots.feed == feed, "forged", "roots of another feed")
        need(unique(roots.keys) and 0 < roots.threshold <= len(roots.keys) and roots.version
             and (not later or roots.version == before.version + 1), "corrupt", "roots")
        out.append((data, roots))
    return out


def check_keyring(data, feed, whole=True):
    envelope = message(FEED.SignedKeyring, data, 16 * KIB)
    keyring = message(FEED.Keyring, envelope.keyring)
    governing = root_lists(envelope, feed, whole)[-1][1]
    check_signers(envelope.signatures, b"colport keyring v1\n" + envelope.keyring, governing.keys,
                  governing.threshold if whole else 0)
    need(keyring.format == 1, "unsupported", "format")
    need(keyring.feed == feed, "forged", "another feed's")
    need(keyring.roots_version == governing.version, "forged", "signed under another list")
    need(keyring.version > 0 and keyring.name and len(keyring.name.encode()) <= 200, "corrupt",
         "version or name")
    need(all(map(is_text, texts(keyring))), "corrupt", "text")
    need(keyring.least_seq < 1 << 63, "corrupt", "least release")
    need(unique([k.key for k in keyring.signing]) and unique([k.key for k in keyring.revoked]),
         "corrupt", "keys")
    if envelope.item_signature:
        value = item_value(envelope)
        need(len(envelope.item_signature) == 64 and len(value) <= 1000
             and keyring.version < 1 << 63, "corrupt", "item")
        verify(envelope.item_signature, b"4:salt15:colport keyring3:seqi%de1:v" % keyring.version
               + value, feed)
    return keyring


def kept_of(data, feed):
    """What of a keyring file is stored and passed on."""
    envelope = message(FEED.SignedKeyring, data)
    del envelope.signatures[:], envelope.later_roots[:]
    for one in message(FEED.SignedKeyring, data).signatures:
        envelope.signatures.add(key=one.key, signature=one.signature)
    for later in message(FEED.SignedKeyring, data).later_roots:
        copy = envelope.later_roots.add(roots=later.roots)
        for one in later.signatures:
            copy.signatures.add(key=one.key, signature=one.signature)
    envelope.DiscardUnknownFields()
    try:
        check_keyring(envelope.SerializeToString(deterministic=True), feed)
    except Refused:
        envelope.ClearField("item_signature")
    return envelope.SerializeToString(deterministic=True)


def place(file, feed, whole=True):
    """What keyrings are compared by: numbers, the Keyring, the lists of root keys."""
    keyring, envelope = check_keyring(file, feed, whole), message(FEED.SignedKeyring, file)
    lists = root_lists(envelope, feed, whole)
    return ((lists[0][1].version, lists[-1][1].version, keyring.version), envelope.keyring,
            [content for content, _ in lists])


def agree(lists, others):
    return all(a == b for a, b in zip(lists, others))


def check_order(data, held, feed):
    """Is it newer than the keyring held?"""
    (new, content, lists), (old, held_content, held_lists) = place(data, feed), place(held, feed)
    if new[0] == old[0]:
        need(agree(lists, held_lists), "forked", "lists of root keys")
    need(new[:2] >= old[:2] or new[2] <= old[2], "denied", "replaced root keys")
    need(new != old or content == held_content, "forked", "two of one number")
    need(new > old, "stale")


def check_fork_ends(data, held, other, feed):
    """Does it end the fork between the two?"""
    firsts = [place(file, feed)[0][0] for file in (data, held, other)]
    need(min(firsts[1:]) > 0 and firsts[0] > max(firsts[1:]), "forked", "goes on")


def check_request(data, held, feed):
    """May whoever holds a root key sign it after the keyring held?"""
    (was, _, old_lists), (will, content, lists) = place(held, feed), place(data, feed, False)
    need(will[2] == was[2] + 1, "stale", "not the next version")
    anew = will[0] > was[1]
    need((anew or will[0] == was[0] and agree(lists, old_lists)) and 0 <= will[1] - was[1] <= 1,
         "forged", "lists that do not follow")
    known = FEED.Keyring.FromString(content)
    known.DiscardUnknownFields()
    need(known.SerializeToString(deterministic=True) == content, "unsupported", "unknown fields")


def check_keyring_item(value, signature, feed):
    need(len(value) <= 1000, "too_large", "item")
    content = bdecode(value)
    need(isinstance(content, dict) and list(content) == [b"k"], "corrupt", "keys of the item")
    envelope = message(FEED.SignedKeyring, content[b"k"])
    need(not envelope.item_signature, "corrupt", "has its signature in it")
    envelope.item_signature = signature
    return check_keyring(envelope.SerializeToString(deterministic=True), feed)


def check_mark(data, feed, keyring, arrived, listed_by):
    """May its articles be somebody else's?"""
    signer = data[-96:-64]
    index = read_index(data, feed, {signer})
    revoked = {k.key: k for k in keyring.revoked}
    need(signer in revoked or signer in {k.key for k in keyring.signing}, "denied", "a stranger")
    if signer in revoked and revoked[signer].since:
        since = revoked[signer].since
        need(index.time < since and index.seq <= keyring.least_seq, "denied", "by its own words")
        need(0 < arrived < since or listed_by in {k.key for k in keyring.signing} - set(revoked),
             "denied", "nobody vouches for it")


# Head, shelf [6, 8]

def check_head(data, feed, keyring, newest_seen, now):
    item = message(FEED.SignedHead, data, 1128)
    need(len(item.key) == 32 and len(item.signature) == 64 and 0 < item.seq < 1 << 63, "corrupt",
         "item")
    need(len(item.value) <= 1000, "corrupt", "value")
    verify(item.signature, b"4:salt39:colport" + feed + b"3:seqi%de1:v" % item.seq + item.value,
           item.key)
    value = bdecode(item.value)
    need(isinstance(value, dict) and set(value) == {b"h", b"ih"}, "corrupt", "keys of the item")
    need(all(isinstance(v, bytes) for v in value.values()) and len(value[b"ih"]) == 20, "corrupt",
         "value")
    head = message(FEED.Head, value[b"h"])
    need(head.format == 1, "unsupported", "format")
    need(head.feed == feed, "forged", "another feed's")
    need(head.seq == item.seq and len(head.info_sha256) == 32 and 1 <= head.volume <= 1_000_000
         and len(head.shelf_sha256) == (32 if head.volume > 1 else 0)
         and 0 < head.info_size <= MIB and head.time > 0, "corrupt", "head")
    need(head.keyring_version <= keyring.version, "not_found", "newer keyring")
    key = next((k for k in keyring.signing if k.key == item.key), None)
    revoked = next((k for k in keyring.revoked if k.key == item.key), None)
    need(key or revoked, "forged", "signed by a stranger")
    need(key and not revoked and key.not_before <= head.time
         and (key.not_after == 0 or head.time <= key.not_after), "denied", "the key may not sign")
    need(head.time <= now + 86_400, "early", "of the future")
    need(head.seq >= max(newest_seen, keyring.least_seq), "stale")
    return head, value[b"ih"]


def check_head_order(data, held, feed, keyring, now):
    """Is it newer than the head held?"""
    new, old = (check_head(file, feed, keyring, 0, now) for file in (data, held))
    need(new[0].seq >= old[0].seq, "stale")
    need(new[0].seq > old[0].seq or new == old, "forked", "two of one number")
    need(new != old, "stale", "says the same")


def check_shelf(data, feed):
    shelf = message(FEED.Shelf, data, MIB)
    need(shelf.format == 1, "unsupported", "format")
    need(shelf.feed == feed, "forged", "another feed's")
    for number, volume in enumerate(shelf.volumes, 1):
        need(volume.number == number and len(volume.info_hash) == 20
             and len(volume.info_sha256) == 32 and 0 < volume.info_size <= MIB
             and volume.last_seq > 0, "corrupt", f"volume {number}")
    return shelf


# Info dictionary, listing [7, 10]

def info_dictionary(feed, volume, seq, files, pieces):
    """`files`: (name, size, sha256) in order."""
    listed = []
    for name, size, digest in files:
        listed.append({b"length": size, b"path": [name], b"sha256": digest})
        if size % PIECE:
            listed.append({b"attr": b"p", b"length": PIECE - size % PIECE,
                           b"path": [b".pad", name]})
    return {b"colport": {b"feed": feed, b"format": 1, b"seq": seq, b"volume": volume},
            b"files": listed, b"name": b"%04d" % volume, b"piece length": PIECE,
            b"pieces": pieces}


def check_fields(feed, volume, seq, files, pieces):
    need(0 < len(files) <= 1024, "too_large", "number of files")
    need(all(re.fullmatch(rb"[a-z0-9][a-z0-9.-]{0,63}", name) for name, _, _ in files), "corrupt",
         "name")
    need(all(a[0] < b[0] for a, b in zip(files, files[1:])), "corrupt", "order of names")
    need(all(0 < size <= 64 * MIB for _, size, _ in files), "too_large", "file")
    need(all(len(digest) == 32 for _, _, digest in files) and len(feed) == 32, "corrupt", "hash")
    need(len(pieces) == 20 * sum(-(-size // PIECE) for _, size, _ in files), "corrupt", "pieces")
    need(1 <= volume <= 1_000_000 and 0 < seq < 1 << 63, "corrupt", "volume or seq")


def check_info(data):
    """(feed, volume, seq, files, pieces)"""
    need(len(data) <= MIB, "too_large", "info dictionary")
    info = bdecode(data)
    try:
        about = info[b"colport"]
        need(about[b"format"] == 1, "unsupported", "format")
        files = [(f[b"path"][0], f[b"length"], f[b"sha256"])
                 for f in info[b"files"] if b"attr" not in f]
        out = about[b"feed"], about[b"volume"], about[b"seq"], files, info[b"pieces"]
        check_fields(*out)
        need(bencode(info_dictionary(*out)) == data, "corrupt", "not as it must be")
    except (KeyError, TypeError, IndexError, AttributeError) as problem:
        raise Refused("corrupt", repr(problem)) from None
    return out


def match_info(data, feed, volume, info_hash, info_sha256):
    need(sha256(data) == info_sha256 and hashlib.sha1(data).digest() == info_hash, "forged",
         "not the one that is signed")
    out = check_info(data)
    need(out[:2] == (feed, volume), "forged", "another feed or volume")
    return out


def check_listing(data, feed, base, wanted):
    need(len(data) <= MIB, "too_large", "listing")
    listing = message(GOSSIP.Listing, data)
    files, pieces = [], b""
    if listing.held:
        need(base is not None, "corrupt", "builds on files that are not held")
        held = check_info(base)
        need(listing.held <= len(held[3]) and held[1] == listing.volume, "corrupt", "held")
        files = held[3][:listing.held]
        pieces = held[4][:20 * sum(-(-size // PIECE) for _, size, _ in files)]
    files += [(f.name.encode(), f.size, f.sha256) for f in listing.files]
    fields = feed, listing.volume, listing.seq, files, pieces + listing.pieces
    check_fields(*fields)
    need(bencode(info_dictionary(*fields)) == wanted, "forged", "gives another")


def check_gossip(data):
    out = message(GOSSIP.Gossip, data, 16 * KIB)
    if out.WhichOneof("kind") == "announce" and out.announce.head:
        need(len(out.announce.head) <= 1128, "too_large", "head")


# Link, minisign, secret keys [9, 14, 15]

def public_key_file(key):
    key_line = base64.b64encode(b"Ed" + sha256(key)[:8] + key)
    return b"untrusted comment: colport public key\n" + key_line + b"\n"


def door(feed):
    content = public_key_file(feed)
    info = {b"length": len(content), b"name": b"feed.pub", b"piece length": 16_384,
            b"pieces": hashlib.sha1(content).digest()}
    return hashlib.sha1(bencode(info)).hexdigest()


def check_link(data, feed=None):
    need(len(data) <= 8 * KIB, "too_large", "link")
    link = data.strip(b" \t\r\n\v\f")
    need(link.startswith(b"magnet:?"), "invalid", "no magnet")
    found = {}
    for part in link[8:].split(b"&"):
        name, equals, value = part.partition(b"=")
        if not equals:
            continue
        try:
            text = urllib.parse.unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            raise Refused("invalid", "not text") from None
        need(is_text(text), "invalid", "not text")
        found.setdefault(name, []).append(text)
    need(b"s" not in found, "invalid", "salt")
    keys = [x[9:] for x in found.get(b"xs", []) if re.fullmatch("urn:btpk:[0-9a-f]{64}", x)]
    need(keys, "invalid", "no root key")
    hashes = found.get(b"xt", [])
    need(hashes and all(x == "urn:btih:" + door(bytes.fromhex(keys[0])) for x in hashes),
         "invalid", "not the key's door")
    need(feed is None or keys[0] == feed.hex(), "forged", "another feed")
    return bytes.fromhex(keys[0])


def key_of(file_content):
    lines = file_content.split(b"\n")
    need(len(lines) == 3, "corrupt", "public key file")
    key = from_base64(lines[1])[10:]
    need(len(key) == 32 and public_key_file(key) == file_content, "corrupt", "public key file")
    return key


def check_minisign(signature_file, content, key):
    lines = signature_file.split(b"\n")
    need(len(lines) == 5 and lines[4] == b"" and lines[2].startswith(b"trusted comment: "),
         "corrupt", "signature file")
    first, second = from_base64(lines[1]), from_base64(lines[3])
    need(len(first) == 74 and len(second) == 64 and first[:2] == b"ED", "corrupt", "signature")
    need(first[2:10] == sha256(key)[:8], "forged", "another key")
    verify(first[10:], hashlib.blake2b(content).digest(), key)
    verify(second, first[10:] + lines[2][17:], key)


def check_secret_key(content, role, passphrase, public_key):
    lines = content.split(b"\n")
    need(len(lines) == 3 and lines[2] == b"" and lines[0].startswith(b"untrusted comment: "),
         "corrupt", "lines")
    blob = from_base64(lines[1])
    need(len(blob) == 105 and blob[:8] == b"colpkey1", "corrupt", "size or name")
    kind, passes, memory = struct.unpack("<BII", blob[8:17])
    need(kind == 0 or kind == 1 and 1 <= passes <= 16 and 8 <= memory <= 1 << 20, "unsupported",
         "costs")
    sealing = (nacl.pwhash.argon2id.kdf(32, passphrase, blob[17:33], passes, memory * KIB)
               if kind else bytes(32))
    try:
        seed = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            blob[57:], blob[:57] + role, blob[33:57], sealing)
    except nacl.exceptions.CryptoError:
        raise Refused("denied" if kind else "corrupt", "does not open") from None
    need(sodium.crypto_sign_seed_keypair(seed)[0] == public_key, "corrupt", "another key")


# Feed directory [11]

def torrent_info(path, volume, wanted_sha256):
    """The info dictionary that is signed, out of a .torrent of that release or a later."""
    need(path.exists(), "not_found", path.name)
    need(path.stat().st_size <= 2 * MIB, "too_large", path.name)
    torrent = bdecode(path.read_bytes())
    need(isinstance(torrent, dict) and b"info" in torrent, "corrupt", path.name)
    whole = bencode(torrent[b"info"])
    if sha256(whole) == wanted_sha256:
        return whole, True
    feed, number, _, files, pieces = check_info(whole)
    for count in range(len(files), 0, -1):
        some = files[:count]
        length = 20 * sum(-(-size // PIECE) for _, size, _ in some)
        seq = int(some[-1][0][:8]) if some[-1][0][:8].isdigit() else 0
        cut = bencode(info_dictionary(feed, number, seq, some, pieces[:length]))
        if sha256(cut) == wanted_sha256:
            return cut, False
    raise Refused("forged", f"{path.name} is not what is signed")


def check_volume(root, feed, keys, signed, counts):
    number, info_hash, info_sha256 = signed
    torrent = root / "volumes" / f"{number:04}.torrent"
    data, current = torrent_info(torrent, number, info_sha256)
    files, pieces = match_info(data, feed, number, info_hash, info_sha256)[3:]
    minisig = torrent.with_name(torrent.name + ".minisig")
    if current and minisig.exists():
        key_id = from_base64(minisig.read_bytes().split(b"\n")[1])[2:10]
        key = next((k for k in keys if sha256(k)[:8] == key_id), None)
        need(key, "forged", f"{minisig.name} is by a stranger")
        check_minisign(minisig.read_bytes(), torrent.read_bytes(), key)
    contents, at = {}, 0
    for name, size, digest in files:
        path = root / "volumes" / f"{number:04}" / name.decode()
        need(path.exists(), "not_found", str(path))
        need(path.stat().st_size == size, "forged", f"size of {path}")
        content = path.read_bytes()
        need(sha256(content) == digest, "forged", f"hash of {path}")
        for begin in range(0, size, PIECE):
            piece = content[begin:begin + PIECE].ljust(PIECE, b"\0")
            need(hashlib.sha1(piece).digest() == pieces[at:at + 20], "forged", f"piece of {path}")
            at += 20
        contents[name] = content
    dictionaries = {sha256(c): c for n, c in contents.items() if n.endswith((b".dict", b".dict.zst"))}
    for name, content in contents.items():
        # A file that was made anew has the number of its release in between.
        suffix = re.fullmatch(rb"\d{8,}-\d{3}(?:\.\d{8,})?\.(.*)", name)
        suffix = suffix and suffix[1]
        if suffix in (b"articles.zst", b"media.zst"):
            index, found = check_bundle(content, feed, keys, dictionaries)
            need(index.kind == (suffix == b"media.zst"), "corrupt", f"kind of {name}")
            counts[suffix] = counts.get(suffix, 0) + found


def check_directory(root, now):
    """What it holds, in numbers."""
    def read(name, limit):
        need((root / name).exists(), "not_found", name)
        need((root / name).stat().st_size <= limit, "too_large", name)
        return (root / name).read_bytes()
    feed = key_of(read("feed.pub", KIB))
    keyring = check_keyring(read("keyring", 16 * KIB), feed)
    keys = {k.key for k in [*keyring.signing, *keyring.revoked]}
    for path in (root / "signing").glob("*.pub"):
        need(key_of(path.read_bytes())[:8].hex() == path.stem.lower(), "forged", path.name)
    if (root / "link.txt").exists():
        check_link(read("link.txt", 8 * KIB), feed)
    counts = {}
    if not (root / "head").exists():
        return {"name": keyring.name, "seq": 0}
    head, info_hash = check_head(read("head", 1128), feed, keyring, 0, now)
    volumes = [(head.volume, info_hash, head.info_sha256)]
    if head.volume > 1:
        data = read("shelf", MIB)
        shelf = check_shelf(data, feed)
        del shelf.volumes[head.volume - 1:]
        need(sha256(shelf.SerializeToString(deterministic=True)) == head.shelf_sha256, "forged",
             "shelf")
        need(len(shelf.volumes) == head.volume - 1, "corrupt", "shelf and head")
        volumes += [(v.number, v.info_hash, v.info_sha256) for v in shelf.volumes]
    for signed in volumes:
        check_volume(root, feed, keys, signed, counts)
    return {"name": keyring.name, "seq": head.seq, "volumes": len(volumes),
            "articles": counts.get(b"articles.zst", 0), "pictures": counts.get(b"media.zst", 0)}


# Vectors [17]

def judge(root, vector):
    given, path = vector["with"], root / vector["file"]
    file = lambda name: (root / given[name]).read_bytes() if name in given else None
    feed = bytes.fromhex(given.get("feed", ""))
    data = path.read_bytes() if path.is_file() else None
    kind = vector["type"]
    if kind == "keyring":
        check_keyring(data, feed)
        need(kept_of(data, feed) == (file("kept") or data), "corrupt", "what is kept of it")
    elif kind == "keyring-order":
        check_order(data, file("held"), feed)
    elif kind == "keyring-fork":
        check_fork_ends(data, file("held"), file("other"), feed)
    elif kind == "keyring-request":
        check_request(data, file("held"), feed)
    elif kind == "head-order":
        check_head_order(data, file("held"), feed, check_keyring(file("keyring"), feed),
                         given["now"])
    elif kind == "keyring-item":
        check_keyring_item(data, bytes.fromhex(given["signature"]), feed)
    elif kind == "head":
        check_head(data, feed, check_keyring(file("keyring"), feed), given["newest_seen"],
                   given["now"])
    elif kind == "shelf":
        check_shelf(data, feed)
    elif kind == "info" and given:
        match_info(data, feed, given["volume"], bytes.fromhex(given["info_hash"]),
                   bytes.fromhex(given["info_sha256"]))
    elif kind == "info":
        check_info(data)
    elif kind == "listing":
        check_listing(data, feed, file("base"), file("info"))
    elif kind == "article":
        check_article(data)
    elif kind == "bundle":
        keyring = check_keyring(file("keyring"), feed)
        keys = {k.key for k in [*keyring.signing, *keyring.revoked]}
        dictionary = file("dictionary")
        check_bundle(data, feed, keys, {sha256(dictionary): dictionary} if dictionary else {})
    elif kind == "mark":
        check_mark(data, feed, check_keyring(file("keyring"), feed), given["arrived"],
                   bytes.fromhex(given.get("listed_by", "")))
    elif kind == "link":
        check_link(data, feed or None)
    elif kind == "gossip":
        check_gossip(data)
    elif kind == "feed-directory":
        check_directory(path, given["now"])
    elif kind == "minisign":
        check_minisign(data, file("content"), key_of(file("public_key")))
    elif kind == "secret-key":
        check_secret_key(data, given["role"].encode(), given["passphrase"].encode(),
                         bytes.fromhex(given["public_key"]))
    else:
        raise KeyError(f"no such type: {kind}")


def judge_all(root):
    wrong = 0
    vectors = json.loads((root / "vectors.json").read_text())["vectors"]
    for vector in vectors:
        outcome, why = "ok", ""
        try:
            judge(root, vector)
        except Refused as refusal:
            outcome, why = refusal.outcome, str(refusal)
        if outcome != vector["expect"]:
            wrong += 1
            print(f"{vector['file']} ({vector['note']}): {vector['expect']} expected, found "
                  f"{outcome} {why}", file=sys.stderr)
    print(f"{len(vectors) - wrong} of {len(vectors)} vectors as expected")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path, nargs="?")
    parser.add_argument("--vectors", type=pathlib.Path)
    parser.add_argument("--now", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    if arguments.vectors:
        sys.exit(judge_all(arguments.vectors))
    if not arguments.directory:
        parser.error("give a feed directory or --vectors")
    try:
        print(json.dumps(check_directory(arguments.directory, arguments.now)))
    except Refused as refusal:
        sys.exit(f"{arguments.directory}: {refusal}")


if __name__ == "__main__":
    main()
