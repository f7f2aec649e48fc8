"""Memory, disk, and output."""

from __future__ import annotations

from tests.hostile.item import item, refused

__all__ = ["ITEMS"]

ITEMS = (
    item("private_memory", "return ['got ' + str(len(bytearray(1 << 34)))]", "raised"),
    item("private_memory_bit_by_bit", """
        total = 0
        libc.mmap.restype = ctypes.c_void_p
        while total < 1 << 31 and libc.mmap(None, ctypes.c_long(1 << 24), 3, 0x22, -1, ctypes.c_long(0)) != 2**64 - 1:
            total += 1 << 24
        return [f"{total >> 20} MiB"] if total > 400 << 20 else []
        """, "held|crashed"),  # nothing may be left to answer with
    item("shared_memory", """
        total = 0
        libc.mmap.restype = ctypes.c_void_p
        while total < 1 << 31:
            block = libc.mmap(None, ctypes.c_long(1 << 24), 3, 0x21, -1, ctypes.c_long(0))
            if block == 2**64 - 1:
                break
            ctypes.memset(block, 1, 1 << 24)
            total += 1 << 24
        return [f"{total >> 20} MiB"] if total > 400 << 20 else []
        """, "held|crashed"),  # nothing may be left to answer with
    item("memory_until_it_dies", "x = []\nwhile True:\n    x.append(bytearray(1 << 20))", "raised|crashed"),
    item("memory_by_brk", "return [str(n) for n in [1 << 33] if libc.sbrk(ctypes.c_long(n)) != -1]"),
    refused("memory_locked", "libc.mlockall(3)", "raw(149, 0, 1 << 30)", "raw(325, 0, 1 << 20, 0)"),
    refused(
        "memory_that_outlives", "raw(29, 0, 1 << 20, 0o1600)", "raw(68, 0, 0o1600)", "raw(64, 0, 1, 0o1600)",
        "raw(240, b'leftover', 0o102, 0o600, 0)", "raw(319, b'leftover', 0)", "raw(447, 0)",
        "__import__('multiprocessing.shared_memory').shared_memory.SharedMemory('leftover', True, 4096).name",
        "libc.shm_open(b'/leftover', 0o102, 0o600)", "libc.mq_open(b'/leftover', 0o102, 0o600, 0)",
    ),
    item("pipes_full", """
        total = 0
        try:
            while True:
                _, end = os.pipe2(os.O_NONBLOCK)
                total += os.write(end, bytes(1 << 20))
        except OSError:
            pass
        return [str(total)] if total > 8 << 20 else []
        """),
    item("pipe_made_larger", "import fcntl\nr, w = os.pipe()\nreturn tries(a=lambda: fcntl.fcntl(w, 1031, 1 << 20))"),
    item("disk_full", """
        total = 0
        try:
            for i in range(64):
                with open(f"/scratch/big{i}", "wb") as file:
                    while True:
                        total += file.write(bytes(1 << 20))
                        file.flush()
                        if total > 1 << 28:
                            raise OSError
        except OSError:
            pass
        return [f"{total >> 20} MiB"] if total > 20 << 20 else []
        """),
    item("disk_full_of_names", """
        made = 0
        try:
            for i in range(10_000):
                os.mkdir(f"/scratch/d{i}")
                made += 1
        except OSError:
            pass
        return [str(made)] if made > 2000 else []
        """),
    item("disk_sparse", """
        def grow():
            fd = os.open("/scratch/sparse", os.O_RDWR | os.O_CREAT)
            os.ftruncate(fd, 1 << 40)
            return True
        return tries(a=grow, b=lambda: os.truncate("/scratch/sparse", 1 << 34) or os.stat("/scratch/sparse").st_size)
        """, on={"sealed": "held"}),
    item("disk_elsewhere", """
        folders = ["/", "/tmp", "/dev/shm", "/var/tmp", "/run", "/home", "/root", "/datasets", world["repo"], "/lib",
                   "/usr/lib", os.path.dirname(os.__file__), world["course"], os.path.dirname(ctypes.__file__)]
        def write(folder):
            with open(os.path.join(folder, world["leftover"]), "w") as file:
                file.write("x")
            return folder
        return tries(**{f"in{i}": lambda folder=folder: write(folder) for i, folder in enumerate(folders)})
        """),
    item("files_of_packages_changed", """
        import numpy
        path = numpy.__file__
        return tries(
            a=lambda: open(path, "a").write("x"), b=lambda: os.unlink(path) or "gone",
            c=lambda: os.chmod(path, 0o777) or "c",
            d=lambda: os.rename(path, path + "x") or "d", e=lambda: os.truncate(path, 0) or "e",
            f=lambda: os.utime(path) or "f", g=lambda: os.mkdir(os.path.dirname(path) + "/x") or "g",
            h=lambda: os.rename("/scratch", "/x") or "h", i=lambda: os.open(path, os.O_RDWR),
            j=lambda: os.setxattr(path, "user.x", b"x") or "j", k=lambda: os.chown(path, os.getuid(), -1) or "k",
        )
        """),
    item("devices_changed", """
        return tries(a=lambda: os.chmod("/dev/null", 0) or "a", b=lambda: os.fchmod(0, 0) or "b",
                     c=lambda: os.mknod("/scratch/m", 0o600 | 0o20000, 0x101) or "c",
                     d=lambda: os.unlink("/dev/null") or "d",
                     e=lambda: os.mkfifo("/scratch/f") or "e", f=lambda: os.open("/dev/mem", 0),
                     g=lambda: os.open("/dev/kmsg", 0),
                     h=lambda: os.open("/dev/ptmx", 2), i=lambda: os.open("/dev/tty", 2))
        """),
    item("output_by_print", "while True:\n    print('y' * 10000)", "timeout", seconds=0.1),
    item("output_raw", "while True:\n    os.write(1, b'y' * 65536)", "timeout", seconds=0.1),
    item("output_raw_to_stderr", "libc.printf\nwhile True:\n    os.writev(2, [b'y' * 65536] * 8)", "timeout",
        seconds=0.1),
    item("output_of_escapes",
        "print('\\x1b]0;owned\\x07\\x1b[2J\\x9b31m')\nos.write(2, b'\\x1b[31m\\x1bc')\nreturn []"),
    item("output_never_read_back", "return [os.read(fd, 1) for fd in (1, 2)]", "raised"),
    item("result_of_80_gigabytes", "import numpy as np\nreturn np.broadcast_to(1.0, (10**10,))", "raised"),
    item("result_of_10_gigabytes", "import numpy as np\nreturn np.empty(10**10, np.uint8)", "raised"),
    item("result_of_lists_of_itself", "x = []\nx += [x, x]\nreturn x", "raised|timeout|crashed", seconds=0.5),
    item("result_of_many_arrays", "import numpy as np\na = np.zeros(1 << 24)\nreturn [a] * 100", "raised"),
)  # fmt: skip
