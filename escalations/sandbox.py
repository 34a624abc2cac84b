"""What a process may no longer do once it has its limits: no files but those of one folder, no network (SAFETY 9).

By Linux's Landlock (5.13 and later; TCP from 6.7) and a network namespace of its own, as far as the kernel has them and lets an ordinary
user have them; a process on another system runs with the rest of its limits. Pure of the portal: system calls only.
"""

import ctypes
import os
import struct
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
ASK_VERSION = 1
PATH_BENEATH = 1
NO_NEW_PRIVILEGES = 38
READ_FILE, READ_DIRECTORY = 1 << 2, 1 << 3
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
RIGHTS_ON_FILES = ((1, 13), (2, 14), (3, 15), (5, 16))  # how many rights each version of Landlock knows
BIND_AND_CONNECT = 0b11


def close_in(folder):
    """From here on only files below `folder` can be opened, for reading, and no network is reached. Returns what could not be had."""
    if sys.platform != "linux":
        return ["files", "network"]
    library = ctypes.CDLL(None, use_errno=True)
    missing = [] if library.unshare(NEW_USER | NEW_NETWORK) == 0 else ["network"]
    return missing if _landlock(library, folder) else [*missing, "files"]


def _landlock(library, folder):
    version = library.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return False
    rights = (1 << max(count for since, count in RIGHTS_ON_FILES if since <= version)) - 1
    handled = struct.pack("QQ", rights, BIND_AND_CONNECT)[: 16 if version >= 4 else 8]
    ruleset = library.syscall(CREATE_RULESET, handled, len(handled), 0)
    if ruleset < 0:
        return False
    inside = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    allowed = struct.pack("=Qi", READ_FILE | READ_DIRECTORY, inside)
    done = (
        library.syscall(ADD_RULE, ruleset, PATH_BENEATH, allowed, 0) == 0
        and library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
        and library.syscall(RESTRICT_SELF, ruleset, 0) == 0
    )
    os.close(inside)
    os.close(ruleset)
    return done
