"""Signals, tracing, sockets, descriptors, limits, namespaces, and the rest of the kernel."""

from __future__ import annotations

import platform

from tests.hostile.item import deadly, item, refused

__all__ = ["ITEMS"]

X86 = platform.machine() == "x86_64"

DEADLY = {
    "signal_to_victim": "os.kill(world['victim'], 9)",
    "signal_to_grader": "os.kill(world['grader'], 15)",
    "signal_to_bystander": "os.kill(world['bystander'], 9)",
    "signal_to_parent": "os.kill(os.getppid() or 1, 9)",
    "signal_to_all": "os.kill(-1, 9)",
    "signal_to_group": "os.killpg(0, 9)",
    "signal_to_init": "os.kill(1, 9)",
    "signal_to_thread": "raw(234, world['victim'], world['victim'], 9)",
    "signal_by_tkill": "raw(200, world['victim'], 9)",
    "signal_with_value": "raw(129, world['victim'], 9, ctypes.create_string_buffer(128))",
    "signal_by_pidfd": "raw(424, 0, 9, 0, 0)",
    "descriptor_by_pidfd": "raw(438, 0, 3, 0)",
    "ptrace_of_oneself": "raw(101, 0, 0, 0, 0)",
    "ptrace_of_parent": "raw(101, 16, os.getppid(), 0, 0)",
    "memory_of_others_read": "raw(310, world['victim'], 0, 0, 0, 0, 0)",
    "memory_of_others_written": "raw(311, world['victim'], 0, 0, 0, 0, 0)",
    "new_user_namespace": "raw(272, 0x10000000)",
    "new_mount_namespace": "raw(272, 0x20000)",
    "entered_namespace": "raw(308, 0, 0)",
    "mount": "libc.mount(b'x', b'/scratch', b'tmpfs', 0, 0)",
    "umount": "libc.umount2(b'/scratch', 2)",
    "mount_by_new_calls": "raw(430, b'tmpfs', 0)",
    "open_tree": "raw(428, -100, b'/', 1)",
    "chroot": "os.chroot('/scratch')",
    "pivot_root": "raw(155, b'.', b'.')",
    "second_filter": "raw(317, 1, 8, 0)",
    "io_uring": "raw(425, 8, ctypes.create_string_buffer(120))",
    "userfaultfd": "raw(323, 1)",
    "bpf": "raw(321, 5, 0, 0)",
    "perf_event_open": "raw(298, 0, 0, -1, -1, 0)",
    "keyctl": "raw(250, 0, -3, 0)",
    "add_key": "raw(248, b'user', b'leftover', b'x', 1, -4)",
    "module": "raw(175, 0, 0, b'')",
    "kexec": "raw(246, 0, 0, 0, 0)",
    "reboot": "raw(169, 0, 0, 0, 0)",
    "kcmp": "raw(312, 1, 2, 0, 0, 0)",
}

MACHINE_CODE = """
code = bytes.fromhex({code!r})
libc.mmap.restype = ctypes.c_void_p
memory = libc.mmap(None, ctypes.c_long(4096), 7, 0x22, -1, ctypes.c_long(0))
ctypes.memmove(memory, code, len(code))
call = ctypes.CFUNCTYPE(ctypes.c_long)(memory)
return [str(call())]
"""

SOCKETS = """
import socket
families = [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET,
    getattr(socket, "AF_VSOCK", 40), 38]
breaches = []
for family in families:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        breaches += tries(a=lambda: socket.socket(family, kind), b=lambda: raw(41, family, kind, 0))
def send(address, family=socket.AF_INET, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as s:
        s.connect(address)
        s.send(b"x")
        return "sent"
def reuse(address):
    with socket.socket(fileno=3) as s:  # the one socket that it has
        s.connect(address)
        return "connected"
breaches += tries(
    tcp=lambda: send(("127.0.0.1", world["tcp"])), udp=lambda: send(("127.0.0.1", world["udp"]),
        kind=socket.SOCK_DGRAM),
    unix=lambda: send(world["unix"], socket.AF_UNIX), abstract=lambda: send("\\0" + world["abstract"], socket.AF_UNIX),
    pair=lambda: socket.socketpair(), rawpair=lambda: raw(53, 1, 1, 0, ctypes.create_string_buffer(8)),
    url=lambda: __import__("urllib.request").request.urlopen("http://127.0.0.1:%d" % world["tcp"], timeout=1),
    name=lambda: socket.getaddrinfo("localhost", 80, proto=17) and raw(41, 2, 2, 0),
)
return breaches
"""

ITEMS = (
    *(deadly(name, expression) for name, expression in DEADLY.items() if X86 or "raw(" not in expression),
    item("signals_by_descriptors", """
        import fcntl, struct
        victim = world["victim"]
        breaches = []
        for fd in (0, 1, 2, 3):
            breaches += tries(
                setown=lambda: fcntl.fcntl(fd, 8, victim) == 0, setsig=lambda: fcntl.fcntl(fd, 10, 9) == 0,
                setown_ex=lambda: fcntl.fcntl(fd, 15, struct.pack("ii", 1, victim)),
                lease=lambda: fcntl.fcntl(fd, 1024, 1) == 0,
                notify=lambda: fcntl.fcntl(fd, 1026, 1) == 0,
                fiosetown=lambda: fcntl.ioctl(fd, 0x8901, struct.pack("i", victim)),
                spgrp=lambda: fcntl.ioctl(fd, 0x8902, struct.pack("i", victim)),
                sti=lambda: fcntl.ioctl(fd, 0x5412, b"x"),
                lock=lambda: fcntl.lockf(fd, 2) or "locked", flock=lambda: fcntl.flock(fd, 2) or "locked",
            )
        return breaches + tries(pidfd=lambda: os.pidfd_open(victim),
            async_=lambda: fcntl.fcntl(3, 4, 0o20000) and "async")
        """),
    item("sockets", SOCKETS),
    item("socket_that_it_has", """
        import socket
        breaches = []
        name = ctypes.create_string_buffer(b"\\x01\\x00\\x00" + world["abstract"].encode())
        size = 3 + len(world["abstract"])
        for number, args in ((42, (3, name, size)), (49, (3, name, size)), (50, (3, 5)), (51, (3, name, name)),
            (54, (3, 1, 16, name, 4)),
                             (55, (3, 1, 17, name, name)), (288, (3, 0, 0, 0)), (47, (3, name, 0)),
                             (299, (3, name, 1, 0, 0))):
            if raw(number, *args) >= 0:
                breaches.append(str(number))
        return breaches
        """),
    item("descriptors_sent_away", """
        import array, socket
        wire = socket.socket.__new__(socket.socket)
        with socket.socket(fileno=3, family=1, type=1, proto=0) as wire:
            wire.sendmsg([b"x" * 24], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1]))])
        return ["sent"]
        """, "violation|crashed"),
    item("descriptors_that_are_open", """
        found = []
        for fd in range(1024):
            try:
                os.fstat(fd)
            except OSError:
                continue
            found.append(fd)
        more = [fd for fd in range(1024) if libc.fcntl(fd, 1) != -1 and fd not in found]
        return [str(fd) for fd in found + more if fd > 3]
        """),
    item("descriptors_that_are_open_hold_nothing", """
        import stat
        kinds = [stat.S_IFMT(os.fstat(fd).st_mode) for fd in range(4)]
        wanted = [stat.S_IFCHR, stat.S_IFIFO, stat.S_IFIFO, stat.S_IFSOCK]
        return [repr(kinds)] * (kinds != wanted) + tries(a=lambda: os.read(0, 10), b=lambda: os.pread(0, 10, 0),
            c=lambda: os.listdir(0))
        """, on={"confined": "held|raised", "nofile": "held|raised"}),
    item("descriptors_used_up", """
        try:
            while True:
                os.dup(1)
        except OSError:
            pass
        return []
        """),
    item("limits_loosened", """
        import resource
        breaches = []
        for name in [name for name in dir(resource) if name.startswith("RLIMIT_")]:
            kind = getattr(resource, name)
            old = resource.getrlimit(kind)
            tries(a=lambda: resource.setrlimit(kind, (-1, -1)), b=lambda: resource.setrlimit(kind, (0, 0)),
                  c=lambda: resource.prlimit(0, kind, (-1, -1)), d=lambda: resource.prlimit(os.getppid(), kind, (0, 0)),
                  e=lambda: raw(160, kind, (ctypes.c_long * 2)(-1, -1)),
                  f=lambda: raw(302, world["bystander"], kind, (ctypes.c_long * 2)(0, 0), 0))
            if resource.getrlimit(kind) != old:
                breaches.append(name)
        return breaches
        """),
    item("limits_that_stand", """
        import resource
        wanted = {"CORE": 0, "NPROC": 0, "MEMLOCK": 0, "MSGQUEUE": 0, "NOFILE": 64, "FSIZE": 16 << 20}
        return [name for name, value in wanted.items() if max(resource.getrlimit(getattr(resource,
            "RLIMIT_" + name))) > value]
        """),
    refused(
        "process_switches", "libc.prctl(1, 0, 0, 0, 0) == 0", "libc.prctl(4, 1, 0, 0, 0) == 0",
        "libc.prctl(38, 0, 0, 0, 0) == 0",
        "libc.prctl(22, 0, 0, 0, 0) == 0", "libc.prctl(36, 1, 0, 0, 0) == 0", "libc.prctl(47, 2, 0, 0, 0) == 0",
        "libc.prctl(15, b'x') == 0",
        "libc.prctl(0x59616d61, -1, 0, 0, 0) == 0", "libc.personality(0x0040000)", "raw(154, 0, 0, 0)", "raw(172, 3)",
        "raw(173, 0, 1, 1)",
        "raw(447, 0)",
    ),
    refused(
        "identities", "os.setuid(0)", "os.setresuid(0, 0, 0) or 1", "os.setresgid(0, 0, 0) or 1",
        "os.setgroups([0]) or 1",
        "os.seteuid(1) or 1",
        "raw(126, (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[2**32 - 1] * 6)) == 0",
        "libc.sethostname(b'x', 1) == 0", "raw(164, 0, 0) == 0", "raw(227, 0, 0) == 0", "os.geteuid() == 0 and 'root'",
    ),
    refused("epoll_and_events", "__import__('select').epoll()", "libc.eventfd(0, 0)", "libc.inotify_init()",
        "raw(282, -1, 0, 8)",
            "raw(275, 0, 0, 1, 0, 10, 0)", "raw(276, 0, 1, 10, 0)", "raw(278, 1, 0, 0, 0)"),
    *((
        item("call_by_x32", MACHINE_CODE.format(code="b827000040" "0f05" "c3"), "violation"),
        item("call_by_int80", MACHINE_CODE.format(code="b814000000" "cd80" "c3"), "violation|crashed"),
        item("call_far_to_32_bits", MACHINE_CODE.format(code="6a23" "e800000000" "830424 06".replace(" ",
            "") + "48cb" "b814000000cd80c3"), "violation|crashed"),
        item("call_number_minus_one", MACHINE_CODE.format(code="48c7c0ffffffff" "0f05" "c3"), "violation"),
    ) if X86 else ()),
)  # fmt: skip
