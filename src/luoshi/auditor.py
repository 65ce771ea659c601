"""Check an export of Luoshi's record, without Luoshi: python3 auditor.py EXPORT.zip [--seal HASH].

落实操作记录的独立核验程序，只用 Python（3.8 以上）自带的库：python3 auditor.py 导出文件.zip [--seal 纸面上的封存哈希]
The whole rule is in docs/integrity.md. Exit code: 0 all agrees, 1 something is wrong, 2 no export that can be read.
  * A hash of a chain is SHA-256 over: hash of the link before (64 zeros before the first), one line feed, content in
    canonical JSON: UTF-8, keys sorted by code point, no spaces, no escapes but those JSON needs.
  * Every matter's events form a chain, so do all records of other acts; seals of days form one over both, in stored
    order: SHA-256 over their hashes with a line feed behind each. --seal: a hash on paper is one of these seals.
  * Register texts and evidence files have the SHA-256 by which events name them. What was withheld is there by hash.
"""

# ruff: noqa: T201 — a program of one file that prints what it finds
from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

GENESIS = "0" * 64


class Audit:
    """Counts what was checked and says what is wrong."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file, self.faults = file, 0
        self.checked: dict[str, int] = {}

    def fault(self, where: object, zh: str, en: str) -> None:
        """Say one thing that is wrong; all are counted, the first hundred are printed."""
        self.faults += 1
        if self.faults <= 100:
            print(f"✗ {where}：{zh} · {en}")

    def lines(self, name: str) -> Iterator[Any]:
        """Give every line of a member as a value."""
        count = 0
        with self.file.open(name + ".jsonl") as member:
            for count, line in enumerate(member, 1):
                try:
                    yield json.loads(line.decode("utf-8"))
                except (ValueError, RecursionError) as error:
                    self.fault(f"{name}.jsonl {count}", "这一行读不出来", f"line cannot be read: {error}")
        self.checked[name] = count


def chained(previous: str, content: Any) -> str:
    """Return the hash of one link."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(str(previous).encode() + b"\n" + text.encode("utf-8", "surrogatepass")).hexdigest()


def weigh(audit: Audit, where: str, row: Any, seq: int, before: tuple[int, str]) -> None:
    """Check one link of a chain against its own content and against number and hash of the link before."""
    last, previous = before
    if seq != last + 1:
        audit.fault(where, f"跟在第 {last} 个之后：缺失、插入或调换", f"follows {last}: missing, added or swapped")
    elif row["prev"] != previous:
        audit.fault(where, "与前一个接不上", "does not follow the one before")
    if not row.get("withheld") and chained(row["prev"], row["content"]) != row["hash"]:
        audit.fault(where, "内容与哈希不符", "content and hash differ")


def members(audit: Audit) -> Any:
    """Check every member against the manifest; return the manifest."""
    manifest = json.loads(audit.file.read("manifest.json").decode("utf-8"))
    if manifest.get("format") != "luoshi-record" or manifest.get("version") != 1:
        raise ValueError("not an export of this format")
    names = [name for name in audit.file.namelist() if name != "manifest.json"]
    for name in sorted(set(names) | set(manifest["members"])):
        if name not in names:
            audit.fault(name, "文件缺失", "member is missing")
        elif name not in manifest["members"] or names.count(name) != 1:
            audit.fault(name, "清单上没有这个文件，或有重名", "member is not in the manifest, or is there twice")
        elif digest_of(audit.file, name)[0] != manifest["members"][name]["sha256"]:
            audit.fault(name, "与清单的哈希不符", "differs from the manifest")
    return manifest


def digest_of(file: zipfile.ZipFile, name: str) -> tuple[str, int]:
    """Return hash and size of one member."""
    digest = hashlib.sha256()
    with file.open(name) as member:
        for block in iter(lambda: member.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest(), file.getinfo(name).file_size


def registers(audit: Audit) -> set[str]:
    """Check register texts; return their hashes."""
    known: set[str] = set()
    for row in audit.lines("registers"):
        if hashlib.sha256(row["text"].encode("utf-8", "surrogatepass")).hexdigest() != row["sha256"]:
            audit.fault("{code} v{version}".format(**row), "台账全文被改动", "text of the register was altered")
        known.add(row["sha256"])
    return known


def events(audit: Audit, texts: set[str]) -> tuple[dict[str, tuple[int, str]], list[tuple[int, str]], dict[str, str]]:
    """Check every matter's chain; return where each ends, all events in stored order, and the files they attach."""
    heads: dict[str, tuple[int, str]] = {}
    order: list[tuple[int, str]] = []
    files: dict[str, str] = {}
    for row in audit.lines("events"):
        content = row.get("content") or {}
        matter, seq = (row["matter"], row["seq"]) if row.get("withheld") else (content["matter"], content["seq"])
        where = f"事项 matter {matter} 事件 event {seq}"
        weigh(audit, where, row, seq, heads.get(matter, (0, GENESIS)))
        if order and row["id"] <= order[-1][0]:
            audit.fault(where, "存入顺序不对", "is not in stored order")
        heads[matter] = (seq, row["hash"])
        order.append((row["id"], row["hash"]))
        data = content.get("data") or {}
        register = (data.get("set") or {}).get("register_version")
        if register and register["sha256"] not in texts:
            audit.fault(where, "所依据的台账全文不在其中", "names a register text that is not there")
        files.update((file["sha256"], where) for file in data.get("files") or ())
    return heads, order, files


def matters(audit: Audit, heads: dict[str, tuple[int, str]]) -> None:
    """Check that every matter has exactly the events that its row names."""
    for row in audit.lines("matters"):
        name = row.get("number") or row["uid"]
        seq, head = heads.pop(row["uid"], (0, ""))
        if seq != row["version"]:
            audit.fault(
                name, f"应有 {row['version']} 个事件，实有 {seq} 个", f"{seq} events instead of {row['version']}"
            )
        elif head != row["head"]:
            audit.fault(name, "末个事件不是事项所记的那个", "the last event is not the one that the matter names")
    for uid in heads:
        audit.fault(uid, "有事件而无事项", "has events but no matter")


def records(audit: Audit) -> list[tuple[int, str]]:
    """Check the chain of records and return it."""
    order: list[tuple[int, str]] = []
    for row in audit.lines("records"):
        seq = row["seq"] if row.get("withheld") else row["content"]["seq"]
        weigh(audit, f"操作记录 record {seq}", row, seq, order[-1] if order else (0, GENESIS))
        order.append((seq, row["hash"]))
    return order


def taken(order: list[tuple[int, str]], start: int, last: int) -> tuple[int, str, int]:
    """Return how many links from `start` on are numbered up to `last`, the hash over them, and where they end."""
    digest, end = hashlib.sha256(), start
    while end < len(order) and order[end][0] <= last:
        digest.update(order[end][1].encode() + b"\n")
        end += 1
    return end - start, digest.hexdigest(), end


def seals(audit: Audit, event_order: list[tuple[int, str]], record_order: list[tuple[int, str]], paper: str) -> None:
    """Check the chain of seals against what they cover, and the hash on paper against them."""
    previous, day, found, at, to = GENESIS, "", "", 0, 0
    for row in audit.lines("seals"):
        content = row["content"]
        where = f"{content['day']} 的封存 seal"
        before = dt.date.fromisoformat(content["day"]) - dt.timedelta(days=1)
        if row["prev"] != previous or (day and day != before.isoformat()):
            audit.fault(where, "与前一天的封存接不上", "does not follow the seal of the day before")
        for kind, zh, order in (("event", "个事件", event_order), ("record", "条操作记录", record_order)):
            there, digest, end = taken(order, at if kind == "event" else to, content["last_" + kind])
            at, to = (end, to) if kind == "event" else (at, end)
            due = content[kind + "s"]
            if there != due or digest != content[kind + "s_digest"]:
                said = f"{due} {kind}s were sealed; {there} are there, or some differ"
                audit.fault(where, f"封存 {due} {zh}，现有 {there}，或其中有改动", said)
        if chained(row["prev"], content) != row["hash"]:
            audit.fault(where, "内容与哈希不符", "content and hash differ")
        if row["hash"] == paper:
            found = content["day"]
        previous, day = row["hash"], content["day"]
    print(f"末个封存 last seal: {day} {previous}" if day else "没有封存 no seals")
    print(f"尚未封存 not sealed yet: {len(event_order) - at} events, {len(record_order) - to} records")
    if found:
        print(f"✓ 纸面哈希即 {found} 的封存 · the hash on paper is the seal of that day")
    elif paper:
        audit.fault("--seal", "纸面上的封存哈希不在这份导出中", "the seal on paper is not in this export")


def evidence(audit: Audit, files: dict[str, str], *, has_files: bool) -> None:
    """Check evidence files against the hashes by which events name them."""
    names = set(audit.file.namelist())
    for row in audit.lines("evidence"):
        sha256 = row["sha256"]
        files.pop(sha256, None)
        name = f"evidence/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        if has_files and name not in names:
            audit.fault(sha256, "佐证文件缺失", "evidence file is missing")
        elif has_files and digest_of(audit.file, name) != (sha256, row["size"]):
            audit.fault(sha256, "佐证文件被改动", "evidence file was altered")
    for sha256, where in files.items():
        audit.fault(where, f"所附的佐证 {sha256} 没有登记", f"attaches evidence {sha256} that is not listed")


def check(audit: Audit, paper: str) -> None:
    """Check one export and print what was checked."""
    manifest = members(audit)
    heads, event_order, files = events(audit, registers(audit))
    matters(audit, heads)
    seals(audit, event_order, records(audit), paper)
    evidence(audit, files, has_files=manifest["evidence"])
    print("已核验 checked: " + ", ".join(f"{count} {name}" for name, count in audit.checked.items()))
    if manifest["withheld"]:
        print(f"内容未随附的保密事项 confidential matters by their hashes only: {manifest['withheld']}")
    if not manifest["evidence"]:
        print("导出不含佐证文件，未核验文件内容 · evidence files are not in the export and were not checked")
    print(f"✗ {audit.faults} 处不符 · faults" if audit.faults else "✓ 全部相符 · everything agrees")


def main() -> int:
    """Read the command line, check the export, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check an export of Luoshi's record 核验落实导出的操作记录")
    parser.add_argument("export", help="the exported zip file 导出的 zip 文件")
    parser.add_argument("--seal", default="", help="a seal's hash as printed on paper 纸面上的封存哈希")
    chosen = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    audit = None
    try:
        with zipfile.ZipFile(chosen.export) as file:
            audit = Audit(file)
            check(audit, "".join(chosen.seal.lower().split()))
    except (
        OSError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        print(f"✗ 打不开、已损坏或内容缺项 · cannot be opened, is damaged, or lacks something: {error!r}")
        return 1 if audit is not None and audit.faults else 2
    return 1 if audit.faults else 0


if __name__ == "__main__":
    sys.exit(main())
