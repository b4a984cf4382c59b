"""Checks an archive of signed documents from Praja without Praja: python verify_export.py ARCHIVE.zip.

Needs Python 3.11 and pyHanko (pip install pyhanko). Says in plain sentences what is right, and ends with 1 and the first
difference when anything is not: one byte is enough.
"""

import hashlib
import io
import json
import logging
import sys
import zipfile

PLAIN = {"manifest.json", "manifest.sha256"}


class Difference(Exception):
    """Something is not as the archive says; the message is a sentence."""


def need(condition, sentence):
    if not condition:
        raise Difference(sentence)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def canonical(value, **names):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), **names)


def hash_of_member(archive, name):
    found = hashlib.sha256()
    with archive.open(name) as member:
        while chunk := member.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()


def check_files(archive):
    """The manifest: whole itself, and every file there as it says, none more."""
    names = archive.namelist()
    need(len(names) == len(set(names)), "A file stands twice in the archive.")
    need(set(names) >= PLAIN, "The archive has no manifest.json with its manifest.sha256.")
    text = archive.read("manifest.json")
    need(archive.read("manifest.sha256") == f"{digest(text)}\n".encode(), "manifest.json differs from its hash.")
    manifest = json.loads(text)
    need(manifest["format"] == "praja-export-1", f"This tool does not know the format {manifest['format']!r}.")
    need(canonical(manifest, ensure_ascii=False).encode() == text, "manifest.json is not written as Praja writes it.")
    need(
        not manifest["lost"], f"Praja itself had lost a file when it wrote the archive: {', '.join(manifest['lost'])}."
    )
    extra, missing = set(names) - PLAIN - set(manifest["files"]), set(manifest["files"]) - set(names)
    need(not extra, f"The archive holds a file that the manifest does not name: {min(extra, default='')}.")
    need(not missing, f"A file is missing: {min(missing, default='')}.")
    for name, facts in manifest["files"].items():
        need(hash_of_member(archive, name) == facts["sha256"], f"{name} differs from its hash in the manifest.")
    print(f"All {len(manifest['files'])} files have the hashes of the manifest, and none is missing or too many.")
    return manifest


def check_log(archive, manifest):
    """The lines of the log: each with its own hash, those that follow each other linked, the daily roots on them."""
    lines, last, links = {}, (0, ""), 0
    for number, raw in enumerate(archive.open(manifest["log"]), 1):
        given, _, line = raw.decode("ascii").rstrip("\n").partition(" ")
        name, seq, _at, kind, _subject, _id, uid, facts, previous = json.loads(line)
        need(
            name == "praja-chain-1" and digest(line.encode()) == given,
            f"Line {number} of the log differs from its hash.",
        )
        need(seq > last[0], f"Entry {seq} of the log is out of order.")
        if seq == last[0] + 1:
            need(previous == (last[1] or "0" * 64), f"Entry {seq} of the log does not follow from the one before it.")
            links += 1
        last = (seq, given)
        lines[seq] = (kind, uid, facts, given) if kind in ("signature", "edition") else ("", "", "", given)
    on_roots, newest = 0, ("", 0, "")
    for raw in archive.open(manifest["roots"]):
        day, seq, value = raw.decode("ascii").split()
        need(day > newest[0] and int(seq) >= newest[1], f"The root of {day} is out of order.")
        need(lines.get(int(seq), ("", "", "", value))[3] == value, f"The root of {day} is not entry {seq} of the log.")
        newest = (day, int(seq), value)
        on_roots += int(seq) in lines
    print(f"{len(lines)} entries of the log have their hashes, and {links} follow directly from the one before them.")
    print(f"{on_roots} daily roots stand on them; entries of other regions are not in this archive.")
    print("Newest root, to be compared with the one that was published:", *newest)
    return lines


def check_editions(archive, manifest, lines):
    """The texts that were frozen, their PDFs, and their entries in the log."""
    logged = {uid: json.loads(facts) for kind, uid, facts, _hash in lines.values() if kind == "edition"}
    for edition in manifest["editions"]:
        name = f"“{edition['title']}” edition {edition['number']}"
        need(
            hash_of_member(archive, edition["content"]) == edition["sha256"],
            f"The text of {name} is not the frozen one.",
        )
        for file in (edition["pdf"], edition["word"]):
            need(
                not file or hash_of_member(archive, file["file"]) == file["sha256"], f"A file of {name} was exchanged."
            )
        if edition["uid"] in logged:
            need(logged[edition["uid"]]["sha256"] == edition["sha256"], f"The log knows another text of {name}.")
    print(f"{len(manifest['editions'])} frozen texts have their hashes, {len(logged)} of them stand in the log.")


def check_complete(manifest, lines):
    """Every signature of the log stands in one round, once."""
    told = [each["entry"] for one in manifest["rounds"] for each in one["signatures"]]
    need(len(told) == len(set(told)), "One signature stands twice in the archive.")
    left = {seq for seq, (kind, *_rest) in lines.items() if kind == "signature"} - set(told)
    need(not left, f"A signature was taken out: entry {min(left, default='')} of the log speaks of it.")


def check_round(archive, manifest, one, lines, context):
    """One signing: its papers grow out of each other, each signature is in its place, in the log, and valid."""
    name = f"“{one['title']}” ({one['code']})"
    edition = next(each for each in manifest["editions"] if each["id"] == one["edition"])
    for key in ("original", "signed", "sheet"):
        need(
            not one[key] or hash_of_member(archive, one[key]["file"]) == one[key]["sha256"],
            f"The {key} of {name} differs.",
        )
    head = archive.read((one["signed"] or one["original"])["file"])
    original = one["original"]
    need(
        digest(head[: original["bytes"]]) == original["sha256"],
        f"The signed PDF of {name} does not begin with its original.",
    )
    if edition["pdf"]:
        begins = digest(head[: edition["pdf"]["bytes"]]) == edition["pdf"]["sha256"]
        need(begins, f"The PDF of {name} does not begin with the frozen document.")
    before, states = original["sha256"], []
    for signature in sorted(one["signatures"], key=lambda each: each["facts"]["revision"] or 0):
        facts = signature["facts"]
        who = f"the signature of {facts['office']} in {name}"
        kind, _uid, logged, _hash = lines.get(signature["entry"], ("", "", "", ""))
        need(kind == "signature" and logged == canonical(facts), f"The log does not hold {who} as it stands here.")
        signer = digest(canonical([facts["signatory"], signature["name"], signature["certificate"]]).encode())
        need(signer == facts["signer"], f"Name or certificate of {who} is not the one in the log.")
        need(facts["round"] == one["code"] and facts["edition"] == edition["sha256"], f"{who} belongs elsewhere.")
        if facts["way"] == "wet":
            scan = signature["scan"]
            bound = facts["hash_before"] == edition["sha256"] and facts["hash_after"] == scan["sha256"]
            need(bound and hash_of_member(archive, scan["file"]) == scan["sha256"], f"The scan of {who} was exchanged.")
            continue
        need(facts["hash_before"] == before, f"{who} does not follow the one before it.")
        before = facts["hash_after"]
        need(digest(head[: signature["state"]]) == before, f"The PDF with {who} is not the one that was stored.")
        states.append(signature)
    need(digest(head) == before, f"The PDF of {name} goes on behind its last signature.")
    unknown = check_pdf(head, states, name, context) if states else 0
    ways = {way: sum(each["facts"]["way"] == way for each in one["signatures"]) for way in ("gateway", "own", "wet")}
    print(f"{name}: unchanged. {ways['gateway']} certified, {ways['own']} of Praja's own (not certified), {ways['wet']} in "
          f"wet ink, of {sum(place['state'] != 'replaced' for place in one['places'])} places.")  # fmt: skip
    if unknown:
        print(
            f"  The authority of {unknown} of them is not in this archive: they are whole, but ask BSrE whose they are."
        )


def check_pdf(pdf, states, name, context):
    """Every signature of the PDF by its certificate; returns how many come from authorities that are not in the archive."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature

    found = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    need(len(found) == len(states), f"The PDF of {name} holds {len(found)} signatures instead of {len(states)}.")
    unknown = 0
    for one, state in zip(sorted(found, key=lambda each: each.byte_range[2]), states, strict=True):
        who = f"the signature of {state['facts']['office']} in {name}"
        start, _length, behind, rest = (int(each) for each in one.byte_range)
        need(start == 0 and behind + rest == state["state"], f"{who} does not cover all before it.")
        need(f"{one.signer_cert.serial_number:x}" == state["certificate"]["serial"], f"{who} has another certificate.")
        status = validate_pdf_signature(one, context)
        need(status.intact and status.valid, f"{who} is not valid.")
        need(status.bottom_line or not status.trusted, f"Behind {who} something was changed that it does not allow.")
        need(
            status.trusted or state["facts"]["way"] == "gateway",
            f"{who} does not come from the authority in the archive.",
        )
        unknown += not status.trusted
    return unknown


def check(path):
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko_certvalidator import ValidationContext

    with zipfile.ZipFile(path) as archive:
        manifest = check_files(archive)
        roots = [one for name in manifest["authorities"] for one in load_certs_from_pemder_data(archive.read(name))]
        for one in roots:
            print(f"Authority: {one.subject.human_friendly}\n  SHA-256 {one.sha256.hex(' ', 4)}")
        print("Compare these fingerprints with those that Praja or BSrE publish: this archive cannot vouch for itself.")
        lines = check_log(archive, manifest)
        check_editions(archive, manifest, lines)
        for one in manifest["rounds"]:
            check_round(archive, manifest, one, lines, ValidationContext(trust_roots=roots, allow_fetching=False))
        check_complete(manifest, lines)
    return len(manifest["rounds"])


def main(arguments):
    logging.disable(logging.CRITICAL)
    if len(arguments) != 1:
        print(__doc__.partition("\n")[0])
        return 2
    try:
        count = check(arguments[0])
    except Difference as difference:
        print(f"DIFFERENT: {difference}")
    except Exception as problem:  # whatever rubbish makes the parts above stumble over
        print(
            f"DIFFERENT: This archive cannot be read as one of Praja's: {type(problem).__name__}: {str(problem)[:200]}"
        )
    else:
        print(f"ALL RIGHT: {count} signings are as they were signed.")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
