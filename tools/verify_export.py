"""Checks an archive of signed documents from Praja without Praja: python verify_export.py ARCHIVE.zip [OTHER.zip ...].

Needs Python 3.11 and pyHanko (pip install pyhanko). Says in plain sentences what is right, and ends with 1 and the first
difference when anything is not: one byte is enough.
"""

import collections
import datetime
import functools
import hashlib
import io
import json
import logging
import sys
import zipfile

Trust = collections.namedtuple("Trust", "own bsre revoked")  # noqa: PYI024 - certificates; serial -> when taken back
moment = datetime.datetime.fromisoformat
HEXADECIMAL = set("0123456789abcdef")
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
    """The log: own lines with their hashes, of others the hash alone; each on the one before it, the daily roots on them.

    Returns the own lines, and the hash of each entry by its number. What the hash of another's entry stands for cannot be
    told from one archive: an archive of those others (a second argument) or Praja itself shows it.
    """
    lines, hashes, own, links, last, newest = {}, {}, 0, 0, 0, ("", 0, "")
    for number, raw in enumerate(archive.open(manifest["log"]), 1):
        given, _, line = raw.decode("ascii").rstrip("\n").partition(" ")
        need(len(given) == 64 and set(given) <= HEXADECIMAL, f"Line {number} of the log begins with no hash.")
        if line.isdecimal():  # an entry about others
            seq, previous = int(line), ""
        else:
            name, seq, _at, kind, _subject, _id, uid, facts, previous = json.loads(line)
            is_own = name == "praja-chain-1" and digest(line.encode()) == given
            need(is_own, f"Line {number} of the log differs from its hash.")
            lines[seq] = (kind, uid, facts)
            before = hashes.get(seq - 1, previous if not hashes and (seq > 1 or previous == "0" * 64) else "")
            need(previous == before, f"Entry {seq} of the log does not follow from the one before it.")
            own, links = own + 1, links + (seq - 1 in lines or seq == 1)
        need(not hashes or seq == max(last + 1, 1), f"Entry {seq} of the log is out of order.")
        hashes[seq], last = given, seq
    on_roots = 0
    for raw in archive.open(manifest["roots"]):
        day, seq, value = raw.decode("ascii").split()
        need(day > newest[0] and int(seq) >= newest[1], f"The root of {day} is out of order.")
        need(hashes.get(int(seq), value) == value, f"The root of {day} is not entry {seq} of the log.")
        newest, on_roots = (day, int(seq), value), on_roots + (int(seq) in hashes)
    print(f"{own} entries of the log have their hashes, {links} of them follow from a neighbour that is here in full.")
    print(f"{len(hashes) - own} entries of others stand between them with their hash alone; {on_roots} daily roots stand on all these.")  # fmt: skip
    if len(hashes) > own:
        print("So no entry here was altered by itself. That those of others lead on to the roots, this archive cannot show: check it\n"
              "together with archives of the other regions (verify_export.py THIS.zip OTHER.zip), or ask for `praja audit verify`.")  # fmt: skip
    print("Newest root, to be compared with the one that was published:", *newest)
    return lines, hashes


def check_editions(archive, manifest, lines):
    """The texts that were frozen, their PDFs, and their entries in the log."""
    logged = {uid: json.loads(facts) for kind, uid, facts in lines.values() if kind == "edition"}
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


def check_round(archive, manifest, one, lines, trust):
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
        kind, _uid, logged = lines.get(signature["entry"], ("", "", ""))
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
    whose = collections.Counter(check_pdf(head, states, name, trust) if states else ())
    print(f"{name}: unchanged. {whose['bsre']} certified, {whose['own']} of Praja's own (not certified), "
          f"{len(one['signatures']) - len(states)} in wet ink, of {sum(place['state'] != 'replaced' for place in one['places'])} places.")  # fmt: skip
    if whose["unknown"]:
        print(f"  Whether {whose['unknown']} of them are certified could not be confirmed: they are whole, but their authority is not in this archive. Ask BSrE whose they are.")  # fmt: skip


def one_by_one(reader):
    """pyHanko's rules of what may follow a signature, asked of each update against the state before it, and asked once."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffPolicy, DiffResult, SuspiciousModification
    from pyhanko.sign.diff_analysis.policy_api import ModificationLevel

    state = functools.cache(reader.get_historical_resolver)
    reader.xrefs.get_last_change = functools.cache(reader.xrefs.get_last_change)

    @functools.cache
    def step(number):
        try:
            return DEFAULT_DIFF_POLICY.apply(state(number - 1), state(number))
        except SuspiciousModification as problem:
            return problem

    class OneByOne(DiffPolicy):
        def apply(self, old, new, field_mdp_spec=None, doc_mdp=None):
            return DEFAULT_DIFF_POLICY.apply(old, new, field_mdp_spec, doc_mdp)

        def review_file(self, reader, base_revision, field_mdp_spec=None, doc_mdp=None):
            if field_mdp_spec or doc_mdp:  # a signature that forbids more than others
                return DEFAULT_DIFF_POLICY.review_file(reader, base_revision, field_mdp_spec, doc_mdp)
            base = getattr(base_revision, "revision", base_revision)
            steps = [step(number) for number in range(base + 1, reader.xrefs.total_revisions)]
            wrong = next((one for one in steps if isinstance(one, SuspiciousModification)), None)
            levels = [one.modification_level for one in steps] if not wrong else []
            fields = set().union(*(one.changed_form_fields for one in steps)) if not wrong else set()
            return wrong or DiffResult(max(levels, default=ModificationLevel.NONE), fields)

    return OneByOne()


def check_pdf(pdf, states, name, trust):
    """Every signature of the PDF by its certificate; returns whose they are: "own", "bsre" or "unknown", in their order."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(io.BytesIO(pdf))
    found, rules, context = reader.embedded_regular_signatures, one_by_one(reader), ValidationContext
    need(len(found) == len(states), f"The PDF of {name} holds {len(found)} signatures instead of {len(states)}.")
    whose = []
    for one, state in zip(sorted(found, key=lambda each: each.byte_range[2]), states, strict=True):
        facts = state["facts"]
        who = f"the signature of {facts['office']} in {name}"
        start, _length, behind, rest = (int(each) for each in one.byte_range)
        need(start == 0 and behind + rest == state["state"], f"{who} does not cover all before it.")
        serial = f"{one.signer_cert.serial_number:x}"
        need(serial == state["certificate"]["serial"], f"{who} has another certificate.")
        at = moment(facts["signed_at"])  # as the log says; certificates end, signatures do not
        roots = context(trust_roots=[*trust.own, *trust.bsre], allow_fetching=False, moment=at)
        status = validate_pdf_signature(one, roots, diff_policy=rules)
        need(status.intact and status.valid, f"{who} is not valid.")
        need(status.bottom_line or not status.trusted, f"Behind {who} something was changed that it does not allow.")
        need(status.docmdp_ok, f"Behind {who} something was changed that it does not allow.")
        is_own = status.trusted and any(status.validation_path.first == root for root in trust.own)
        whose.append("own" if is_own else "bsre" if status.trusted else "unknown")
        need(status.trusted or facts["way"] == "gateway", f"{who} does not come from the authority in the archive.")
        revoked = trust.revoked.get(serial) if is_own else None
        need(not revoked or at < moment(revoked), f"The certificate of {who} had been taken back.")
    return whose


def check(path):
    from pyhanko.keys import load_certs_from_pemder_data

    with zipfile.ZipFile(path) as archive:
        manifest = check_files(archive)
        own, bsre = ([one for name in manifest[key] for one in load_certs_from_pemder_data(archive.read(name))]
                     for key in ("authorities", "bsre"))  # fmt: skip
        for kind, roots in (("Praja's own authority, not certified", own), ("Root of BSrE as Praja knows it", bsre)):
            for one in roots:
                print(f"{kind}: {one.subject.human_friendly}\n  SHA-256 {one.sha256.hex(' ', 4)}")
        print("Compare these fingerprints with those that Praja or BSrE publish: this archive cannot vouch for itself.")
        revoked = dict(line.split() for line in archive.read(manifest["revoked"]).decode("ascii").splitlines())
        print(f"{len(revoked)} certificates of Praja's own were taken back; whose they are signed nothing after that.")
        lines, hashes = check_log(archive, manifest)
        check_editions(archive, manifest, lines)
        for one in manifest["rounds"]:
            check_round(archive, manifest, one, lines, Trust(own, bsre, revoked))
        check_complete(manifest, lines)
    return len(manifest["rounds"]), hashes


def main(arguments):
    logging.disable(logging.CRITICAL)
    if not arguments:
        print(__doc__.partition("\n")[0])
        return 2
    try:
        count, known = 0, {}
        for path in arguments:
            found, hashes = check(path)
            other = next((seq for seq in known.keys() & hashes.keys() if known[seq] != hashes[seq]), None)
            need(other is None, f"The archives contradict each other: entry {other} of the log has two hashes.")
            count, known = count + found, known | hashes
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
