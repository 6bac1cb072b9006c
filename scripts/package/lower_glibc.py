#!/usr/bin/env python3
"""usage: lower_glibc.py OURS FILE...

Has programs and libraries (64-bit, little-endian ELF) do with an older glibc, 2.28, which is that of LibTorch's wheels, where all
that they take of a newer version can be had: from OURS, the library made of glibc.c, or from glibc itself, which had it under
another version or in another of its libraries. Prints the oldest version of glibc that all of them can do with.

What Debian 12 needs above 2.28: 2.36 arc4random (libstdc++, libexpat, libarchive, libevent); 2.35 _dl_find_object (libgcc), hypot
(FFmpeg, Cairo); 2.34 pthread_create, dlopen and the like (all programs and 50 libraries); 2.33 stat; 2.32 one variable; 2.30 gettid,
pthread_cond_clockwait; 2.29 pow and the like. A build on Debian 11, with 2.31, does not work: its g++ 10 lacks std::bit_cast,
std::from_chars of numbers with a fraction and std::istringstream::view, and it has neither FAISS nor CLI11.

A file names each version of glibc that it needs once (.gnu.version_r) and gives each symbol the number of one. Symbols that can
be had elsewhere lose their version, and the loader then takes the first library that has one of the name; a version that no
symbol has any more gets the name of the first version.
"""
import re
import struct
import sys

FLOOR = (2, 28)
FIRST = {(2, 2, 5), (2, 17)}  # on x86-64, on ARM64: what every library of glibc has, and every file needs
RELATIVE_RELOCATIONS = b"GLIBC_ABI_DT_RELR"  # what a linker told to pack them asks of the loader, of 2.36
# Of libm, libpthread, libdl, libutil and libresolv, all there in 2.28; those of POSIX threads that came later are left out.
IN_OLDER_GLIBC = re.compile(
    rb"pow|exp|exp2|exp10f|log|log2|hypotf?|dl(open|close|sym|error|addr)|sem_(init|destroy|post|wait)"
    rb"|pthread_(?!(cond_|mutex_|rwlock_)?clock|attr_[gs]etsigmask|gettid)[a-z_]+|__pthread_key_create|thrd_exit|openpty"
    rb"|ns_name_uncompress"
)


class Elf:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            self.data = bytearray(file.read())
        (table,) = self.at("<Q", 0x28)
        size, count, of_names = self.at("<HHH", 0x3A)
        headers = [self.at("<IIQQQQ", table + i * size) for i in range(count)]
        self.sections = {self.string(headers[of_names][4] + h[0]): (h[4], h[5]) for h in headers}

    def at(self, layout, offset):
        return struct.unpack_from(layout, self.data, offset)

    def string(self, offset):
        return bytes(self.data[offset : self.data.index(b"\0", offset)])

    def name(self, offset):
        return self.string(self.sections[b".dynstr"][0] + offset)

    def symbols(self):
        """Yields (name, whether it is defined here, offset of its version's number)."""
        start, size = self.sections[b".dynsym"]
        for i in range(1, size // 24):
            name, section = self.at("<I2xH", start + 24 * i)
            yield self.name(name), section != 0, self.sections.get(b".gnu.version", (0, 0))[0] + 2 * i

    def needed_versions(self):
        """Yields (offset of the entry, number, name) of each version that is needed of a library."""
        library, more = self.sections[b".gnu.version_r"][0], True
        while more:
            entry = library + self.at("<I", library + 8)[0]
            following = True
            while following:
                number, name, following = self.at("<HII", entry + 6)
                yield entry, number, self.name(name)
                entry += following
            (more,) = self.at("<I", library + 12)
            library += more

    def rename_version(self, entry):
        version, first = min((version_of(name) or (9,), place) for place, _, name in self.needed_versions())
        if version not in FIRST:
            sys.exit(f"{self.path}: needs nothing of the first version of glibc")
        for field in (0, 8):  # its hash, and where its name is
            struct.pack_into("<I", self.data, entry + field, *self.at("<I", first + field))


def version_of(name):
    """(2, 34) of b"GLIBC_2.34"; () of what is not a version of glibc."""
    if name == RELATIVE_RELOCATIONS:
        return (2, 36)
    return tuple(map(int, name[6:].split(b"."))) if re.fullmatch(rb"GLIBC_[0-9.]+", name) else ()


def lower(path, ours):
    """The newest version of glibc that the file needs afterwards."""
    elf = Elf(path)
    if b".gnu.version_r" not in elf.sections:
        return ()
    of_number = {}
    for name, _, place in elf.symbols():  # a variable that a program has a copy of counts as its own, but has a needed version
        of_number.setdefault(elf.at("<H", place)[0] & 0x7FFF, []).append((name, place))
    newest, changed = (), False
    for entry, number, version in elf.needed_versions():
        kept = number not in of_number
        for name, place in of_number.get(number, []):
            if version_of(version) > FLOOR and (name in ours or IN_OLDER_GLIBC.fullmatch(name)):
                struct.pack_into("<H", elf.data, place, 1)
                changed = True
            else:
                kept = True
        if version_of(version) > FLOOR and not kept:
            elf.rename_version(entry)
            changed = True
        else:
            newest = max(newest, version_of(version))
    if changed:
        with open(path, "wb") as file:
            file.write(elf.data)
    return newest


OURS = {name for name, defined, _ in Elf(sys.argv[1]).symbols() if defined}
NEWEST = max(lower(path, OURS) for path in sys.argv[1:])
print(".".join(map(str, NEWEST)))
